"""Query `query-return` of returns.

called by  GET /returns/{id}
may        get table returns
declared   services/returns.yaml#/queries/return
"""

from typing import Any

import mapping
from cncb_runtime.errors import found
from cncb_runtime.http import respond
from cncb_runtime.table import Table

RETURNS_TABLE = Table("RETURNS_TABLE", key=("id",))


def query_return(request: dict[str, Any]) -> Any:
    """The row of returns at a key."""
    return found(RETURNS_TABLE.get(mapping.key(request)))


def handler(event: dict[str, Any], context: object) -> Any:
    """Answer one request."""
    return respond(event, query_return, cache="no-cache")
