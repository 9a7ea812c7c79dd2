"""Reaction `reaction-load` of shelf.

called by  thing-weighed of stream main
may        update table processed
faults to  stream main
declared   system.yaml#/services/shelf/reactions/load
"""

from typing import Any

import mapping
from cncb_runtime.pipeline import run
from cncb_runtime.processed import Processed
from cncb_runtime.steps import only, to
from cncb_runtime.stream_records import from_stream
from cncb_runtime.unit import each

PROCESSED_TABLE = Processed("PROCESSED_TABLE", lease=30, keep=2592000)
PIPELINE = (only("thing-weighed"), PROCESSED_TABLE.claim, each(to(mapping.call)), PROCESSED_TABLE.done)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """React to each event. Answer with the record to begin again from, if any."""
    return run(event, context, from_stream, PIPELINE, faults_to="MAIN_STREAM")
