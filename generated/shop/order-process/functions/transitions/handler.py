"""Event orchestration `transitions` of order-process.

called by  order-submitted, payment-refused, reservation-confirmed, return-approved of stream main
may        put claims event; publish stream main
faults to  stream main
declared   services/order-process.yaml#/transitions
"""

from typing import Any

import mapping
from cncb_runtime.emission import Emission
from cncb_runtime.pipeline import run
from cncb_runtime.publish import publish
from cncb_runtime.redaction import Redaction
from cncb_runtime.steps import for_types
from cncb_runtime.stream_records import from_stream

EMIT_MAKE_RESERVATION = Emission(
    "make-reservation",
    stream="MAIN_STREAM",
    fields=mapping.make_reservation,
    partition_key=mapping.make_reservation_partition_key,
    step="make-reservation",
)
EMIT_TAKE_PAYMENT = Emission(
    "take-payment",
    stream="MAIN_STREAM",
    fields=mapping.take_payment,
    partition_key=mapping.take_payment_partition_key,
    step="take-payment",
)
EMIT_PACK_ORDER = Emission(
    "pack-order",
    stream="MAIN_STREAM",
    fields=mapping.pack_order,
    partition_key=mapping.pack_order_partition_key,
    step="pack-order",
)
EMIT_RELEASE_RESERVATION = Emission(
    "release-reservation",
    stream="MAIN_STREAM",
    fields=mapping.release_reservation,
    partition_key=mapping.release_reservation_partition_key,
    step="release-reservation",
)
EMIT_REFUND_PAYMENT = Emission(
    "refund-payment",
    stream="MAIN_STREAM",
    fields=mapping.refund_payment,
    partition_key=mapping.refund_payment_partition_key,
    step="refund-payment",
)
TRANSITIONS = {
    "order-submitted": EMIT_MAKE_RESERVATION,
    "payment-refused": EMIT_RELEASE_RESERVATION,
    "reservation-confirmed": (EMIT_TAKE_PAYMENT, EMIT_PACK_ORDER),
    "return-approved": EMIT_REFUND_PAYMENT,
}
REDACTION = Redaction(
    {
        "order-submitted": ("order.address.name", "order.address.street", "order.email"),
        "payment-refused": ("context.order.address.name", "context.order.address.street", "context.order.email"),
        "reservation-confirmed": ("context.order.address.name", "context.order.address.street", "context.order.email"),
        "return-approved": ("return.email",),
    },
)
PIPELINE = (for_types(TRANSITIONS), publish)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Publish what each event leads to. Answer with the record to begin again from, if any."""
    return run(event, context, from_stream, PIPELINE, faults_to="MAIN_STREAM", redaction=REDACTION)
