"""Database-first command `command-approve` of returns.

called by  POST /returns/{id}/approval
may        update table returns
declared   services/returns.yaml#/commands/approve
"""

from typing import Any

import mapping
from cncb_runtime.http import respond
from cncb_runtime.table import Table

RETURNS_TABLE = Table("RETURNS_TABLE", key=("id",))


def command_approve(command: dict[str, Any]) -> Any:
    """Update one row of returns."""
    return RETURNS_TABLE.update(mapping.key(command), mapping.fields(command))


def handler(event: dict[str, Any], context: object) -> Any:
    """Answer one request."""
    return respond(event, command_approve)
