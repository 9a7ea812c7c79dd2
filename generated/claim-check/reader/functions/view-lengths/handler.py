"""Materialized view `view-lengths` of reader.

called by  page-written of stream main
may        get, put claims event; update table lengths
faults to  stream main
declared   system.yaml#/services/reader/views/lengths
"""

from typing import Any

import mapping
from cncb_runtime.packing import from_packed
from cncb_runtime.pipeline import run
from cncb_runtime.projection import project
from cncb_runtime.steps import for_types
from cncb_runtime.unit import each
from cncb_runtime.view import View

LENGTHS_TABLE = View("LENGTHS_TABLE", key=("id",))
PROJECTIONS = {"page-written": project(mapping.key, mapping.fields)}
PIPELINE = (for_types(PROJECTIONS), each(LENGTHS_TABLE.apply))


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Apply each event to the view. Answer with the record to begin again from, if any."""
    return run(event, context, from_packed, PIPELINE, faults_to="MAIN_STREAM")
