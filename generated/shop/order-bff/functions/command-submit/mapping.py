"""The mappings of `command-submit`."""

from typing import Any

from cncb_runtime import values


def fields(command: dict[str, Any]) -> dict[str, Any]:
    """The row of orders that is written."""
    return {
        "address": command["input"]["address"],
        "customerId": command["input"]["customerId"],
        "email": command["input"]["email"],
        "id": values.uuid4(),
        "lines": command["input"]["lines"],
        "note": command["input"].get("note"),
        "status": "submitted",
        "submittedAt": values.now(),
    }
