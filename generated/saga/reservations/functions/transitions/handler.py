"""Event orchestration `transitions` of reservations.

called by  order-submitted of stream main
may        publish stream main
faults to  stream main
declared   system.yaml#/services/reservations/transitions
"""

from typing import Any

import mapping
from cncb_runtime.emission import Emission
from cncb_runtime.pipeline import run
from cncb_runtime.publish import publish
from cncb_runtime.steps import for_types
from cncb_runtime.stream_records import from_stream

EMIT_RESERVATION_VIOLATION = Emission(
    "reservation-violation",
    stream="MAIN_STREAM",
    fields=mapping.reservation_violation,
    step="reservation-violation",
    when=mapping.reservation_violation_when,
)
TRANSITIONS = {"order-submitted": EMIT_RESERVATION_VIOLATION}
PIPELINE = (for_types(TRANSITIONS), publish)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Publish what each event leads to. Answer with the record to begin again from, if any."""
    return run(event, context, from_stream, PIPELINE, faults_to="MAIN_STREAM")
