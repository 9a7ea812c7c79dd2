"""Query `query-month` of customer-stats.

called by  GET /customers/{customerId}/months/{month}
may        get table monthly
declared   services/customer-stats.yaml#/queries/month
"""

from typing import Any

import mapping
from cncb_runtime.errors import found
from cncb_runtime.http import respond
from cncb_runtime.table import Table

MONTHLY_TABLE = Table("MONTHLY_TABLE", key=("customerId", "month"), view=True)


def query_month(request: dict[str, Any]) -> Any:
    """The row of monthly at a key."""
    return found(MONTHLY_TABLE.get(mapping.key(request)))


def handler(event: dict[str, Any], context: object) -> Any:
    """Answer one request."""
    return respond(event, query_month, cache="no-cache")
