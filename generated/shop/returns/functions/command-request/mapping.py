"""The mappings of `command-request`."""

from typing import Any

from cncb_runtime import values


def fields(command: dict[str, Any]) -> dict[str, Any]:
    """The row of returns that is written."""
    return {
        "customerId": command["input"]["customerId"],
        "email": command["input"]["email"],
        "id": values.uuid4(),
        "lines": command["input"]["lines"],
        "orderId": command["input"]["orderId"],
        "reason": command["input"]["reason"],
        "status": "requested",
    }
