"""Database-first command `command-note` of visits.

called by  its name
may        put table visits
declared   system.yaml#/services/visits/commands/note
"""

from typing import Any

import mapping
from cncb_runtime import shape
from cncb_runtime.request import invoke
from cncb_runtime.table import Table

INPUT = shape.record({"city": shape.string, "id": shape.uuid})
VISITS_TABLE = Table("VISITS_TABLE", key=("id",))


def command_note(command: dict[str, Any]) -> Any:
    """Write one row of visits."""
    return VISITS_TABLE.put(mapping.fields(command))


def handler(event: dict[str, Any], context: object) -> Any:
    """Answer one call."""
    return invoke(event, command_note, shape=INPUT)
