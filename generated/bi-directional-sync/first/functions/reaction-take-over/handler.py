"""Reaction `reaction-take-over` of first.

called by  thing-saved of stream main
may        put table things
faults to  stream main
declared   system.yaml#/services/first/reactions/take-over
"""

from typing import Any

import mapping
from cncb_runtime.pipeline import run
from cncb_runtime.reaction import put
from cncb_runtime.steps import foreign, only
from cncb_runtime.stream_records import from_stream
from cncb_runtime.table import Table
from cncb_runtime.unit import each

THINGS_TABLE = Table("THINGS_TABLE", key=("id",), latch=True)
PIPELINE = (only("thing-saved"), foreign, each(put(THINGS_TABLE, mapping.fields, idempotence="oplock")))


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """React to each event. Answer with the record to begin again from, if any."""
    return run(event, context, from_stream, PIPELINE, faults_to="MAIN_STREAM")
