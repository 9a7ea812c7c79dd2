"""Materialized view `view-latest` of things.

called by  thing-named of stream main
may        batch table latest
faults to  stream main
works on   the last write of each row, 2 a request, 8 at a time
declared   system.yaml#/services/things/views/latest
"""

from typing import Any

import mapping
from cncb_runtime.batch import batch
from cncb_runtime.group import group_last
from cncb_runtime.parallel_requests import several
from cncb_runtime.pipeline import run
from cncb_runtime.projection import project
from cncb_runtime.steps import for_types
from cncb_runtime.stream_records import from_stream
from cncb_runtime.table_batch import TableBatch
from cncb_runtime.view import View

LATEST_TABLE = View("LATEST_TABLE", key=("id",), locked=False)
PROJECTIONS = {"thing-named": project(mapping.key, mapping.fields)}
PIPELINE = (
    for_types(PROJECTIONS),
    group_last(
        LATEST_TABLE.row,
        batch(TableBatch("LATEST_TABLE", LATEST_TABLE.whole), most=2, runner=several(8)),
        by_time=False,
    ),
)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Apply each event to the view. Answer with the record to begin again from, if any."""
    return run(event, context, from_stream, PIPELINE, faults_to="MAIN_STREAM")
