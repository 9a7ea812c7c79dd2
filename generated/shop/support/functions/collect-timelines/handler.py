"""Micro event store `collect-timelines` of support.

Collects the events that timelines is computed from.

called by  order-cancelled, order-submitted, parcel-delivered, parcel-dispatched, parcel-packed, payment-refunded,
           payment-refused, payment-taken, reservation-confirmed, reservation-released, return-requested of stream
           main
may        put claims event; put table timelines-events
faults to  stream main
declared   services/support.yaml#/views/timelines
"""

from typing import Any

import mapping
from cncb_runtime.micro_event_store import MicroEventStore
from cncb_runtime.pipeline import run
from cncb_runtime.redaction import Redaction
from cncb_runtime.steps import for_types, to
from cncb_runtime.stream_records import from_stream
from cncb_runtime.unit import each

TIMELINES_EVENTS_TABLE = MicroEventStore("TIMELINES_EVENTS_TABLE", keep=63072000)
CORRELATIONS = {
    "order-submitted": to(mapping.order_submitted_correlation),
    "reservation-confirmed": to(mapping.reservation_confirmed_correlation),
    "reservation-released": to(mapping.reservation_released_correlation),
    "payment-taken": to(mapping.payment_taken_correlation),
    "payment-refused": to(mapping.payment_refused_correlation),
    "payment-refunded": to(mapping.payment_refunded_correlation),
    "parcel-packed": to(mapping.parcel_packed_correlation),
    "parcel-dispatched": to(mapping.parcel_dispatched_correlation),
    "parcel-delivered": to(mapping.parcel_delivered_correlation),
    "order-cancelled": to(mapping.order_cancelled_correlation),
    "return-requested": to(mapping.return_requested_correlation),
}
REDACTION = Redaction(
    {
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
PIPELINE = (for_types(CORRELATIONS), each(TIMELINES_EVENTS_TABLE.collect))


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Keep each event. Answer with the record to begin again from, if any."""
    return run(event, context, from_stream, PIPELINE, faults_to="MAIN_STREAM", redaction=REDACTION)
