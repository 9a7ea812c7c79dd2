"""Materialized view `view-things` of things.

called by  thing-submitted, thing-withdrawn of stream main
may        delete, get, put bucket things
faults to  stream main
declared   system.yaml#/services/things/views/things
"""

from typing import Any

import mapping
from cncb_runtime.object_view import ObjectView
from cncb_runtime.pipeline import run
from cncb_runtime.projection import project, remove
from cncb_runtime.steps import for_types
from cncb_runtime.stream_records import from_stream
from cncb_runtime.unit import each

LOCKS = {"asOf": ("category", "description", "name")}
THINGS_BUCKET = ObjectView("THINGS_BUCKET", key=("id",), cache_control="max-age=5", deletes=True, locks=LOCKS)
PROJECTIONS = {
    "thing-submitted": project(mapping.thing_submitted_key, mapping.thing_submitted_fields),
    "thing-withdrawn": remove(mapping.thing_withdrawn_key),
}
PIPELINE = (for_types(PROJECTIONS), each(THINGS_BUCKET.apply))


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Apply each event to the view. Answer with the record to begin again from, if any."""
    return run(event, context, from_stream, PIPELINE, faults_to="MAIN_STREAM")
