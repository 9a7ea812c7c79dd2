"""Query `query-returns` of returns.

called by  GET /customers/{customerId}/returns
may        query table returns
declared   services/returns.yaml#/queries/returns
"""

from typing import Any

import mapping
from cncb_runtime.http import respond
from cncb_runtime.request import paged
from cncb_runtime.table import Table

RETURNS_TABLE = Table("RETURNS_TABLE", key=("id",))


def query_returns(request: dict[str, Any]) -> Any:
    """A page of the rows of returns at a key."""
    return RETURNS_TABLE.query(mapping.key(request), index="by-customer", **paged(request, 25))


def handler(event: dict[str, Any], context: object) -> Any:
    """Answer one request."""
    return respond(event, query_returns, cache="no-cache")
