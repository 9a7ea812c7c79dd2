"""Reaction `reaction-plan` of shipping.

called by  pack-order of stream main
may        put claims event; put table parcels
faults to  stream main
declared   services/shipping.yaml#/reactions/plan
"""

from typing import Any

import mapping
from cncb_runtime.pipeline import run
from cncb_runtime.reaction import put
from cncb_runtime.redaction import Redaction
from cncb_runtime.steps import only
from cncb_runtime.stream_records import from_stream
from cncb_runtime.table import Table
from cncb_runtime.unit import each

PARCELS_TABLE = Table("PARCELS_TABLE", key=("id",))
REDACTION = Redaction(
    {
        "pack-order": (
            "context.order.address.name",
            "context.order.address.street",
            "context.order.email",
            "parcel.address.name",
            "parcel.address.street",
        ),
    },
)
PIPELINE = (only("pack-order"), each(put(PARCELS_TABLE, mapping.fields, idempotence="oplock")))


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """React to each event. Answer with the record to begin again from, if any."""
    return run(event, context, from_stream, PIPELINE, faults_to="MAIN_STREAM", redaction=REDACTION)
