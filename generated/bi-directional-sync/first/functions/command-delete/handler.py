"""Database-first command `command-delete` of first.

called by  its name
may        put table things
declared   system.yaml#/services/first/commands/delete
"""

from typing import Any

import mapping
from cncb_runtime import shape
from cncb_runtime.request import invoke
from cncb_runtime.table import Table

INPUT = shape.record({"id": shape.uuid})
THINGS_TABLE = Table("THINGS_TABLE", key=("id",), latch=True)


def command_delete(command: dict[str, Any]) -> Any:
    """Delete one row of things."""
    return THINGS_TABLE.delete(mapping.key(command))


def handler(event: dict[str, Any], context: object) -> Any:
    """Answer one call."""
    return invoke(event, command_delete, shape=INPUT)
