"""Computed view `evaluate-timelines` of support.

called by  INSERT of table timelines-events
may        put claims event; update table timelines; query table timelines-events
faults to  stream main
declared   services/support.yaml#/views/timelines
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

TIMELINES_EVENTS_TABLE = MicroEventStore("TIMELINES_EVENTS_TABLE")
KEYS = {
    "order-submitted": mapping.order_submitted_key,
    "reservation-confirmed": mapping.reservation_confirmed_key,
    "reservation-released": mapping.reservation_released_key,
    "payment-taken": mapping.payment_taken_key,
    "payment-refused": mapping.payment_refused_key,
    "payment-refunded": mapping.payment_refunded_key,
    "parcel-packed": mapping.parcel_packed_key,
    "parcel-dispatched": mapping.parcel_dispatched_key,
    "parcel-delivered": mapping.parcel_delivered_key,
    "order-cancelled": mapping.order_cancelled_key,
    "return-requested": mapping.return_requested_key,
}
TIMELINES_TABLE = View("TIMELINES_TABLE", key=("orderId",), locked=False)
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
            "new.event.return.email",
        ),
        "order-cancelled": ("order.address.name", "order.address.street", "order.email"),
        "order-submitted": ("order.address.name", "order.address.street", "order.email"),
        "parcel-delivered": ("context.order.address.name", "context.order.address.street", "context.order.email"),
        "parcel-dispatched": ("context.order.address.name", "context.order.address.street", "context.order.email"),
        "parcel-packed": ("context.order.address.name", "context.order.address.street", "context.order.email"),
        "payment-refunded": ("context.return.email",),
        "payment-refused": ("context.order.address.name", "context.order.address.street", "context.order.email"),
        "payment-taken": ("context.order.address.name", "context.order.address.street", "context.order.email"),
        "reservation-confirmed": ("context.order.address.name", "context.order.address.street", "context.order.email"),
        "reservation-released": ("context.order.address.name", "context.order.address.street", "context.order.email"),
        "return-requested": ("return.email",),
    },
)
PIPELINE = (
    each(collected),
    each(TIMELINES_EVENTS_TABLE.correlated),
    each(evaluate(KEYS, mapping.evaluate)),
    each(TIMELINES_TABLE.apply),
)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Compute the row of each collected event. Answer with the record to begin again from, if any."""
    return run(event, context, from_table, PIPELINE, faults_to="MAIN_STREAM", redaction=REDACTION)
