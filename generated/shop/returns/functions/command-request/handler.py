"""Database-first command `command-request` of returns.

called by  POST /returns
may        put table returns
declared   services/returns.yaml#/commands/request
"""

from typing import Any

import mapping
from cncb_runtime import shape
from cncb_runtime.http import respond
from cncb_runtime.table import Table

OrderLineShape = shape.record({"price": shape.integer, "quantity": shape.integer, "sku": shape.string})
INPUT = shape.record(
    {
        "customerId": shape.uuid,
        "email": shape.email,
        "lines": shape.list_of(OrderLineShape),
        "orderId": shape.uuid,
        "reason": shape.string,
    },
)
RETURNS_TABLE = Table("RETURNS_TABLE", key=("id",))


def command_request(command: dict[str, Any]) -> Any:
    """Write one row of returns."""
    return RETURNS_TABLE.put(mapping.fields(command))


def handler(event: dict[str, Any], context: object) -> Any:
    """Answer one request."""
    return respond(event, command_request, status=201, shape=INPUT)
