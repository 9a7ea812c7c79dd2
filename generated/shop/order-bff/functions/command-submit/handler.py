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
        "name": shape.string,
        "street": shape.string,
        "postcode": shape.string,
        "city": shape.string,
        "country": shape.string,
    },
)
OrderLineShape = shape.record({"sku": shape.string, "quantity": shape.integer, "price": shape.integer})
INPUT = shape.record(
    {"customerId": shape.uuid, "email": shape.email, "address": AddressShape, "lines": shape.list_of(OrderLineShape)},
    {"note": shape.string},
)
ORDERS_TABLE = Table("ORDERS_TABLE", key=("id",))


def command_submit(command: dict[str, Any]) -> Any:
    """Write one row of orders."""
    return ORDERS_TABLE.put(mapping.fields(command))


def handler(event: dict[str, Any], context: object) -> Any:
    """Answer one request."""
    return respond(event, command_submit, status=201, shape=INPUT)
