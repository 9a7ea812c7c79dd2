"""Materialized view `view-returnable` of returns.

called by  parcel-delivered of stream main
may        put claims event; update table returnable
faults to  stream main
declared   services/returns.yaml#/views/returnable
"""

from typing import Any

import mapping
from cncb_runtime.pipeline import run
from cncb_runtime.projection import project
from cncb_runtime.redaction import Redaction
from cncb_runtime.steps import for_types
from cncb_runtime.stream_records import from_stream
from cncb_runtime.unit import each
from cncb_runtime.view import View

RETURNABLE_TABLE = View("RETURNABLE_TABLE", key=("orderId",), keep=2592000)
PROJECTIONS = {"parcel-delivered": project(mapping.key, mapping.fields)}
REDACTION = Redaction(
    {"parcel-delivered": ("context.order.address.name", "context.order.address.street", "context.order.email")},
)
PIPELINE = (for_types(PROJECTIONS), each(RETURNABLE_TABLE.apply))


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Apply each event to the view. Answer with the record to begin again from, if any."""
    return run(event, context, from_stream, PIPELINE, faults_to="MAIN_STREAM", redaction=REDACTION)
