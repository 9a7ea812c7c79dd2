"""Database-first command `command-save` of second.

called by  its name
may        put table things
declared   system.yaml#/services/second/commands/save
"""

from typing import Any

import mapping
from cncb_runtime import shape
from cncb_runtime.request import invoke
from cncb_runtime.table import Table

INPUT = shape.record({"id": shape.uuid, "name": shape.string})
THINGS_TABLE = Table("THINGS_TABLE", key=("id",), latch=True)


def command_save(command: dict[str, Any]) -> Any:
    """Write one row of things."""
    return THINGS_TABLE.put(mapping.fields(command))


def handler(event: dict[str, Any], context: object) -> Any:
    """Answer one call."""
    return invoke(event, command_save, shape=INPUT)
