"""The mappings of `command-request`."""

from typing import Any

from cncb_runtime import values


def fields(command: dict[str, Any]) -> dict[str, Any]:
    """The row of returns that is written."""
    return {
        "id": values.uuid4(),
        "orderId": command["input"]["orderId"],
        "customerId": command["input"]["customerId"],
        "email": command["input"]["email"],
        "lines": command["input"]["lines"],
        "reason": command["input"]["reason"],
        "status": "requested",
    }
