"""The mappings of `command-submit`."""

from typing import Any


def fields(command: dict[str, Any]) -> dict[str, Any]:
    """The row of orders that is written."""
    return {
        "id": command["input"]["id"],
        "quantity": command["input"]["quantity"],
        "sku": command["input"]["sku"],
        "status": command["input"]["status"],
    }
