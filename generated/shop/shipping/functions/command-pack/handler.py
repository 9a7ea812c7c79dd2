"""Database-first command `command-pack` of shipping.

called by  POST /parcels/{id}/packed
may        update table parcels
declared   services/shipping.yaml#/commands/pack
"""

from typing import Any

import mapping
from cncb_runtime import shape
from cncb_runtime.http import respond
from cncb_runtime.table import Table

INPUT = shape.record({"weight": shape.integer})
PARCELS_TABLE = Table("PARCELS_TABLE", key=("id",))


def command_pack(command: dict[str, Any]) -> Any:
    """Update one row of parcels."""
    return PARCELS_TABLE.update(mapping.key(command), mapping.fields(command))


def handler(event: dict[str, Any], context: object) -> Any:
    """Answer one request."""
    return respond(event, command_pack, shape=INPUT)
