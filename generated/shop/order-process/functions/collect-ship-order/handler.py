"""Micro event store `collect-ship-order` of order-process.

Collects the events that ship-order is computed from.

called by  parcel-packed, payment-taken of stream main
may        put claims event; put table ship-order-events
faults to  stream main
declared   services/order-process.yaml#/transitions/3
"""

from typing import Any

import mapping
from cncb_runtime.micro_event_store import MicroEventStore
from cncb_runtime.pipeline import run
from cncb_runtime.redaction import Redaction
from cncb_runtime.steps import for_types, to
from cncb_runtime.stream_records import from_stream
from cncb_runtime.unit import each

SHIP_ORDER_EVENTS_TABLE = MicroEventStore("SHIP_ORDER_EVENTS_TABLE", keep=2592000)
CORRELATIONS = {
    "payment-taken": to(mapping.payment_taken_correlation),
    "parcel-packed": to(mapping.parcel_packed_correlation),
}
REDACTION = Redaction(
    {
        "parcel-packed": ("context.order.address.name", "context.order.address.street", "context.order.email"),
        "payment-taken": ("context.order.address.name", "context.order.address.street", "context.order.email"),
    },
)
PIPELINE = (for_types(CORRELATIONS), each(SHIP_ORDER_EVENTS_TABLE.collect))


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Keep each event. Answer with the record to begin again from, if any."""
    return run(event, context, from_stream, PIPELINE, faults_to="MAIN_STREAM", redaction=REDACTION)
