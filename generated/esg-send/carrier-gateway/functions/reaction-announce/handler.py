"""Reaction `reaction-announce` of carrier-gateway.

called by  parcel-sent of stream main
may        send bus partners; update table processed
faults to  stream main
declared   system.yaml#/services/carrier-gateway/reactions/announce
"""

from typing import Any

import mapping
from cncb_runtime.batch import batch
from cncb_runtime.bus import Bus
from cncb_runtime.pipeline import run
from cncb_runtime.processed import Processed
from cncb_runtime.steps import only
from cncb_runtime.stream_records import from_stream

PARTNERS_BUS = Bus("PARTNERS_BUS", mapping.fields, source="acme.warehouse", detail_type="Parcel sent")
PROCESSED_TABLE = Processed("PROCESSED_TABLE", lease=30, keep=2592000)
PIPELINE = (only("parcel-sent"), PROCESSED_TABLE.claim, batch(PARTNERS_BUS), PROCESSED_TABLE.done)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """React to each event. Answer with the record to begin again from, if any."""
    return run(event, context, from_stream, PIPELINE, faults_to="MAIN_STREAM")
