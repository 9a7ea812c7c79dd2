"""Computed view `evaluate-monthly` of customer-stats.

called by  INSERT of table monthly-events
may        put claims event; update table monthly; query table monthly-events
faults to  stream main
declared   services/customer-stats.yaml#/views/monthly
"""

from typing import Any

import mapping
from cncb_runtime.evaluation import evaluate
from cncb_runtime.micro_event_store import MicroEventStore, collected
from cncb_runtime.pipeline import run
from cncb_runtime.redaction import Redaction
from cncb_runtime.table_records import from_table
from cncb_runtime.unit import each
from cncb_runtime.view import View

MONTHLY_EVENTS_TABLE = MicroEventStore("MONTHLY_EVENTS_TABLE")
KEYS = {
    "order-submitted": mapping.order_submitted_key,
    "payment-taken": mapping.payment_taken_key,
    "payment-refunded": mapping.payment_refunded_key,
}
MONTHLY_TABLE = View("MONTHLY_TABLE", key=("customerId", "month"), locked=False)
REDACTION = Redaction(
    {
        "change": (
            "new.event.context.order.address.name",
            "new.event.context.order.address.street",
            "new.event.context.order.email",
            "new.event.context.return.email",
            "new.event.order.address.name",
            "new.event.order.address.street",
            "new.event.order.email",
        ),
        "order-submitted": ("order.address.name", "order.address.street", "order.email"),
        "payment-refunded": ("context.return.email",),
        "payment-taken": ("context.order.address.name", "context.order.address.street", "context.order.email"),
    },
)
PIPELINE = (
    each(collected),
    each(MONTHLY_EVENTS_TABLE.correlated),
    each(evaluate(KEYS, mapping.aggregate)),
    each(MONTHLY_TABLE.apply),
)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Compute the row of each collected event. Answer with the record to begin again from, if any."""
    return run(event, context, from_table, PIPELINE, faults_to="MAIN_STREAM", redaction=REDACTION)
