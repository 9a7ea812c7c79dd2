"""Query `query-months` of customer-stats.

called by  GET /customers/{customerId}/months
may        query table monthly
declared   services/customer-stats.yaml#/queries/months
"""

from typing import Any

import mapping
from cncb_runtime.http import respond
from cncb_runtime.request import paged
from cncb_runtime.table import Table

MONTHLY_TABLE = Table("MONTHLY_TABLE", key=("customerId", "month"), view=True)


def query_months(request: dict[str, Any]) -> Any:
    """A page of the rows of monthly at a key."""
    return MONTHLY_TABLE.query(mapping.key(request), **paged(request, 25))


def handler(event: dict[str, Any], context: object) -> Any:
    """Answer one request."""
    return respond(event, query_months, cache="no-cache")
