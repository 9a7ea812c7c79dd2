"""Database-first command `command-submit` of orders.

called by  its name
may        put table orders
declared   system.yaml#/services/orders/commands/submit
"""

from typing import Any

import mapping
from cncb_runtime import shape
from cncb_runtime.request import invoke
from cncb_runtime.table import Table

INPUT = shape.record({"id": shape.uuid, "quantity": shape.integer, "sku": shape.string, "status": shape.string})
ORDERS_TABLE = Table("ORDERS_TABLE", key=("id",))


def command_submit(command: dict[str, Any]) -> Any:
    """Write one row of orders."""
    return ORDERS_TABLE.put(mapping.fields(command))


def handler(event: dict[str, Any], context: object) -> Any:
    """Answer one call."""
    return invoke(event, command_submit, shape=INPUT)
