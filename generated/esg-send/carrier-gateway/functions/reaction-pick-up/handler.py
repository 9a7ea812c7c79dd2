"""Reaction `reaction-pick-up` of carrier-gateway.

called by  parcel-sent of stream main
may        send queue pickups; update table processed
faults to  stream main
declared   system.yaml#/services/carrier-gateway/reactions/pick-up
"""

from typing import Any

import mapping
from cncb_runtime.batch import batch
from cncb_runtime.pipeline import run
from cncb_runtime.processed import Processed
from cncb_runtime.queue import Queue
from cncb_runtime.steps import only
from cncb_runtime.stream_records import from_stream

PICKUPS_QUEUE = Queue("PICKUPS_QUEUE", mapping.fields, fifo=True)
PROCESSED_TABLE = Processed("PROCESSED_TABLE", lease=30, keep=2592000)
PIPELINE = (only("parcel-sent"), PROCESSED_TABLE.claim, batch(PICKUPS_QUEUE), PROCESSED_TABLE.done)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """React to each event. Answer with the record to begin again from, if any."""
    return run(event, context, from_stream, PIPELINE, faults_to="MAIN_STREAM")
