"""Query `query-returnable` of returns.

called by  GET /orders/{orderId}/returnable
may        get table returnable
declared   services/returns.yaml#/queries/returnable
"""

from typing import Any

import mapping
from cncb_runtime.errors import found
from cncb_runtime.http import respond
from cncb_runtime.table import Table

RETURNABLE_TABLE = Table("RETURNABLE_TABLE", key=("orderId",), view=True)


def query_returnable(request: dict[str, Any]) -> Any:
    """The row of returnable at a key."""
    return found(RETURNABLE_TABLE.get(mapping.key(request)))


def handler(event: dict[str, Any], context: object) -> Any:
    """Answer one request."""
    return respond(event, query_returnable, cache="no-cache")
