"""Micro event store `collect-changes` of things.

Collects the events that changes is computed from.

called by  thing-created, thing-updated of stream main
may        put table changes-events
faults to  stream main
declared   system.yaml#/services/things/views/changes
"""

from typing import Any

import mapping
from cncb_runtime.micro_event_store import MicroEventStore
from cncb_runtime.pipeline import run
from cncb_runtime.steps import for_types, to
from cncb_runtime.stream_records import from_stream
from cncb_runtime.unit import each

CHANGES_EVENTS_TABLE = MicroEventStore("CHANGES_EVENTS_TABLE")
CORRELATIONS = {
    "thing-created": to(mapping.thing_created_correlation),
    "thing-updated": to(mapping.thing_updated_correlation),
}
PIPELINE = (for_types(CORRELATIONS), each(CHANGES_EVENTS_TABLE.collect))


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Keep each event. Answer with the record to begin again from, if any."""
    return run(event, context, from_stream, PIPELINE, faults_to="MAIN_STREAM")
