"""Database-first command `command-remove` of catalogue.

called by  DELETE /products/{id}
may        delete table products
declared   services/catalogue.yaml#/commands/remove
"""

from typing import Any

import mapping
from cncb_runtime.http import respond
from cncb_runtime.table import Table

PRODUCTS_TABLE = Table("PRODUCTS_TABLE", key=("id",))


def command_remove(command: dict[str, Any]) -> Any:
    """Delete one row of products."""
    return PRODUCTS_TABLE.delete(mapping.key(command))


def handler(event: dict[str, Any], context: object) -> Any:
    """Answer one request."""
    return respond(event, command_remove, status=204)
