"""Event index `event-index` of lake.

Indexes every event for search.

called by  every event of stream audit; every event of stream main
may        put index lake_events
declared   system.yaml#/services/lake/lake
"""

from typing import Any

from cncb_runtime.batch import batch
from cncb_runtime.event_index import EventIndex, events, without
from cncb_runtime.pipeline import run
from cncb_runtime.redaction import Redaction
from cncb_runtime.stream_records import from_stream

LAKE_EVENTS_INDEX = EventIndex("LAKE_EVENTS_INDEX")
REDACTION = Redaction({"thing-created": ("thing.owner",)})
PIPELINE = (events, without(REDACTION), batch(LAKE_EVENTS_INDEX))


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Index each event. Answer with the record to begin again from, if any."""
    return run(event, context, from_stream, PIPELINE, redaction=REDACTION)
