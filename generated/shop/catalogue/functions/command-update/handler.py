"""Database-first command `command-update` of catalogue.

called by  PUT /products/{id}
may        update table products
declared   services/catalogue.yaml#/commands/update
"""

from typing import Any

import mapping
from cncb_runtime import shape
from cncb_runtime.http import respond
from cncb_runtime.table import Table

INPUT = shape.record(
    {"category": shape.string, "description": shape.string, "name": shape.string, "price": shape.integer},
)
PRODUCTS_TABLE = Table("PRODUCTS_TABLE", key=("id",))


def command_update(command: dict[str, Any]) -> Any:
    """Update one row of products."""
    return PRODUCTS_TABLE.update(mapping.key(command), mapping.fields(command))


def handler(event: dict[str, Any], context: object) -> Any:
    """Answer one request."""
    return respond(event, command_update, shape=INPUT)
