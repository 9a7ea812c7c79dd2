"""Database-first command `command-deliver` of shipping.

called by  POST /parcels/{id}/delivered
may        update table parcels
declared   services/shipping.yaml#/commands/deliver
"""

from typing import Any

import mapping
from cncb_runtime.http import respond
from cncb_runtime.table import Table

PARCELS_TABLE = Table("PARCELS_TABLE", key=("id",))


def command_deliver(command: dict[str, Any]) -> Any:
    """Update one row of parcels."""
    return PARCELS_TABLE.update(mapping.key(command), mapping.fields(command))


def handler(event: dict[str, Any], context: object) -> Any:
    """Answer one request."""
    return respond(event, command_deliver)
