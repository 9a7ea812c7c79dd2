"""Event orchestration `transitions` of process.

called by  order-submitted, reservation-confirmed of stream main
may        publish stream main
faults to  stream main
declared   system.yaml#/services/process/transitions
"""

from typing import Any

import mapping
from cncb_runtime.emission import Emission
from cncb_runtime.pipeline import run
from cncb_runtime.publish import publish
from cncb_runtime.steps import for_types
from cncb_runtime.stream_records import from_stream

EMIT_MAKE_RESERVATION = Emission(
    "make-reservation",
    stream="MAIN_STREAM",
    fields=mapping.make_reservation,
    step="make-reservation",
)
EMIT_UPDATE_ORDER_STATUS = Emission(
    "update-order-status",
    stream="MAIN_STREAM",
    fields=mapping.update_order_status,
    partition_key=mapping.update_order_status_partition_key,
    step="update-order-status",
)
TRANSITIONS = {"order-submitted": EMIT_MAKE_RESERVATION, "reservation-confirmed": EMIT_UPDATE_ORDER_STATUS}
PIPELINE = (for_types(TRANSITIONS), publish)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Publish what each event leads to. Answer with the record to begin again from, if any."""
    return run(event, context, from_stream, PIPELINE, faults_to="MAIN_STREAM")
