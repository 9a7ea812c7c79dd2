"""The mappings of `command-submit`."""

from typing import Any


def fields(command: dict[str, Any]) -> dict[str, Any]:
    """The row of orders that is written."""
    return {
        "id": command["input"]["id"],
        "sku": command["input"]["sku"],
        "quantity": command["input"]["quantity"],
        "status": command["input"]["status"],
    }
