"""Micro event store `collect-monthly` of customer-stats.

Collects the events that monthly is computed from.

called by  order-submitted, payment-refunded, payment-taken of stream main
may        put claims event; put table monthly-events
faults to  stream main
declared   services/customer-stats.yaml#/views/monthly
"""

from typing import Any

import mapping
from cncb_runtime.micro_event_store import MicroEventStore
from cncb_runtime.pipeline import run
from cncb_runtime.redaction import Redaction
from cncb_runtime.steps import for_types, to
from cncb_runtime.stream_records import from_stream
from cncb_runtime.unit import each

MONTHLY_EVENTS_TABLE = MicroEventStore("MONTHLY_EVENTS_TABLE", keep=34560000)
CORRELATIONS = {
    "order-submitted": to(mapping.order_submitted_correlation),
    "payment-taken": to(mapping.payment_taken_correlation),
    "payment-refunded": to(mapping.payment_refunded_correlation),
}
REDACTION = Redaction(
    {
        "order-submitted": ("order.address.name", "order.address.street", "order.email"),
        "payment-refunded": ("context.return.email",),
        "payment-taken": ("context.order.address.name", "context.order.address.street", "context.order.email"),
    },
)
PIPELINE = (for_types(CORRELATIONS), each(MONTHLY_EVENTS_TABLE.collect))


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Keep each event. Answer with the record to begin again from, if any."""
    return run(event, context, from_stream, PIPELINE, faults_to="MAIN_STREAM", redaction=REDACTION)
