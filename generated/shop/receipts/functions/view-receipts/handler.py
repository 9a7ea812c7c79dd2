"""Materialized view `view-receipts` of receipts.

called by  payment-taken of stream main
may        get, put bucket receipts; put claims event
faults to  stream main
declared   services/receipts.yaml#/views/receipts
"""

from typing import Any

import mapping
from cncb_runtime.object_view import ObjectView
from cncb_runtime.pipeline import run
from cncb_runtime.projection import project
from cncb_runtime.redaction import Redaction
from cncb_runtime.steps import for_types
from cncb_runtime.stream_records import from_stream
from cncb_runtime.unit import each

RECEIPTS_BUCKET = ObjectView("RECEIPTS_BUCKET", key=("orderId",), cache_control="private, max-age=86400")
PROJECTIONS = {"payment-taken": project(mapping.key, mapping.fields)}
REDACTION = Redaction(
    {"payment-taken": ("context.order.address.name", "context.order.address.street", "context.order.email")},
)
PIPELINE = (for_types(PROJECTIONS), each(RECEIPTS_BUCKET.apply))


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Apply each event to the view. Answer with the record to begin again from, if any."""
    return run(event, context, from_stream, PIPELINE, faults_to="MAIN_STREAM", redaction=REDACTION)
