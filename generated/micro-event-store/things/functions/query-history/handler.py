"""Query `query-history` of things.

called by  GET /things/{id}/names
may        get table histories
declared   system.yaml#/services/things/queries/history
"""

from typing import Any

import mapping
from cncb_runtime.errors import found
from cncb_runtime.http import respond
from cncb_runtime.table import Table

HISTORIES_TABLE = Table("HISTORIES_TABLE", key=("id",), view=True)


def query_history(request: dict[str, Any]) -> Any:
    """The row of histories at a key."""
    return found(HISTORIES_TABLE.get(mapping.key(request)))


def handler(event: dict[str, Any], context: object) -> Any:
    """Answer one request."""
    return respond(event, query_history, cache="no-cache")
