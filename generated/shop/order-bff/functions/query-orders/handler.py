"""Query `query-orders` of order-bff.

called by  GET /customers/{customerId}/orders
may        query table orders
declared   services/order-bff.yaml#/queries/orders
"""

from typing import Any

import mapping
from cncb_runtime.http import respond
from cncb_runtime.request import paged
from cncb_runtime.table import Table

ORDERS_TABLE = Table("ORDERS_TABLE", key=("id",))


def query_orders(request: dict[str, Any]) -> Any:
    """A page of the rows of orders at a key."""
    page = ORDERS_TABLE.query(mapping.key(request), index="by-customer", **paged(request, 25))
    return {**page, "items": [mapping.response(row) for row in page["items"]]}


def handler(event: dict[str, Any], context: object) -> Any:
    """Answer one request."""
    return respond(event, query_orders, cache="no-cache")
