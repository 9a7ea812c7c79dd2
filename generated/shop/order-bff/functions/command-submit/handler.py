"""Database-first command `command-submit` of order-bff.

called by  POST /orders
may        put table orders
declared   services/order-bff.yaml#/commands/submit
"""

from typing import Any

import mapping
from cncb_runtime import shape
from cncb_runtime.http import respond
from cncb_runtime.table import Table

AddressShape = shape.record(
    {
        "city": shape.string,
        "country": shape.string,
        "name": shape.string,
        "postcode": shape.string,
        "street": shape.string,
    },
)
OrderLineShape = shape.record({"price": shape.integer, "quantity": shape.integer, "sku": shape.string})
INPUT = shape.record(
    {"address": AddressShape, "customerId": shape.uuid, "email": shape.email, "lines": shape.list_of(OrderLineShape)},
    {"note": shape.string},
)
ORDERS_TABLE = Table("ORDERS_TABLE", key=("id",))


def command_submit(command: dict[str, Any]) -> Any:
    """Write one row of orders."""
    return ORDERS_TABLE.put(mapping.fields(command))


def handler(event: dict[str, Any], context: object) -> Any:
    """Answer one request."""
    return respond(event, command_submit, status=201, shape=INPUT)
