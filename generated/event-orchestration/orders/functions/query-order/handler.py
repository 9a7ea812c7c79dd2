"""Query `query-order` of orders.

called by  GET /orders/{id}
may        get table orders
declared   system.yaml#/services/orders/queries/order
"""

from typing import Any

import mapping
from cncb_runtime.errors import found
from cncb_runtime.http import respond
from cncb_runtime.table import Table

ORDERS_TABLE = Table("ORDERS_TABLE", key=("id",))


def query_order(request: dict[str, Any]) -> Any:
    """The row of orders at a key."""
    return found(ORDERS_TABLE.get(mapping.key(request)))


def handler(event: dict[str, Any], context: object) -> Any:
    """Answer one request."""
    return respond(event, query_order, cache="no-cache")
