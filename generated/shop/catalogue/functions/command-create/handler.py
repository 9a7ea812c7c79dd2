"""Database-first command `command-create` of catalogue.

called by  POST /products
may        put table products
declared   services/catalogue.yaml#/commands/create
"""

from typing import Any

import mapping
from cncb_runtime import shape
from cncb_runtime.http import respond
from cncb_runtime.table import Table

INPUT = shape.record(
    {
        "category": shape.string,
        "description": shape.string,
        "id": shape.string,
        "name": shape.string,
        "price": shape.integer,
    },
)
PRODUCTS_TABLE = Table("PRODUCTS_TABLE", key=("id",))


def command_create(command: dict[str, Any]) -> Any:
    """Write one row of products."""
    return PRODUCTS_TABLE.put(mapping.fields(command))


def handler(event: dict[str, Any], context: object) -> Any:
    """Answer one request."""
    return respond(event, command_create, status=201, shape=INPUT)
