"""Materialized view `view-things` of things.

called by  thing-created of stream main
may        put index things
faults to  stream main
declared   system.yaml#/services/things/views/things
"""

from typing import Any

import mapping
from cncb_runtime.batch import batch
from cncb_runtime.pipeline import run
from cncb_runtime.projection import project
from cncb_runtime.search_view import SearchView
from cncb_runtime.steps import for_types
from cncb_runtime.stream_records import from_stream

FIELDS = {"id": "keyword", "category": "text", "name": "text", "price": "long"}
THINGS_INDEX = SearchView("THINGS_INDEX", key=("id",), fields=FIELDS)
PROJECTIONS = {"thing-created": project(mapping.key, mapping.fields)}
PIPELINE = (for_types(PROJECTIONS), batch(THINGS_INDEX))


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Apply each event to the view. Answer with the record to begin again from, if any."""
    return run(event, context, from_stream, PIPELINE, faults_to="MAIN_STREAM")
