"""Micro event store `collect-histories` of things.

Collects the events that histories is computed from.

called by  thing-submitted, thing-updated of stream main
may        put table histories-events
faults to  stream main
declared   system.yaml#/services/things/views/histories
"""

from typing import Any

import mapping
from cncb_runtime.micro_event_store import MicroEventStore
from cncb_runtime.pipeline import run
from cncb_runtime.steps import for_types, to
from cncb_runtime.stream_records import from_stream
from cncb_runtime.unit import each

HISTORIES_EVENTS_TABLE = MicroEventStore("HISTORIES_EVENTS_TABLE")
CORRELATIONS = {
    "thing-submitted": to(mapping.thing_submitted_correlation),
    "thing-updated": to(mapping.thing_updated_correlation),
}
PIPELINE = (for_types(CORRELATIONS), each(HISTORIES_EVENTS_TABLE.collect))


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Keep each event. Answer with the record to begin again from, if any."""
    return run(event, context, from_stream, PIPELINE, faults_to="MAIN_STREAM")
