"""Materialized view `view-meters` of meters.

called by  meter-read of stream main
may        update table meters
faults to  stream main
works on   5 a second
declared   system.yaml#/services/meters/views/meters
"""

from typing import Any

import mapping
from cncb_runtime.pipeline import run
from cncb_runtime.projection import project
from cncb_runtime.rate import Rate
from cncb_runtime.steps import for_types
from cncb_runtime.stream_records import from_stream
from cncb_runtime.unit import each
from cncb_runtime.view import View

METERS_TABLE = View("METERS_TABLE", key=("id",))
PROJECTIONS = {"meter-read": project(mapping.key, mapping.fields)}
RATE = Rate(5)
PIPELINE = (for_types(PROJECTIONS), each(RATE.before(METERS_TABLE.apply)))


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Apply each event to the view. Answer with the record to begin again from, if any."""
    return run(event, context, from_stream, PIPELINE, faults_to="MAIN_STREAM")
