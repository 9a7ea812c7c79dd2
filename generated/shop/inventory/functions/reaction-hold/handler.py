"""Reaction `reaction-hold` of inventory.

called by  make-reservation of stream main
may        put claims event; put table reservations
faults to  stream main
declared   services/inventory.yaml#/reactions/hold
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

RESERVATIONS_TABLE = Table("RESERVATIONS_TABLE", key=("id",))
REDACTION = Redaction(
    {"make-reservation": ("context.order.address.name", "context.order.address.street", "context.order.email")},
)
PIPELINE = (only("make-reservation"), each(put(RESERVATIONS_TABLE, mapping.fields, idempotence="oplock")))


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """React to each event. Answer with the record to begin again from, if any."""
    return run(event, context, from_stream, PIPELINE, faults_to="MAIN_STREAM", redaction=REDACTION)
