"""The mappings of `command-submit`."""

from typing import Any

from cncb_runtime import values


def fields(command: dict[str, Any]) -> dict[str, Any]:
    """The row of orders that is written."""
    return {
        "id": values.uuid4(),
        "customerId": command["input"]["customerId"],
        "email": command["input"]["email"],
        "address": command["input"]["address"],
        "lines": command["input"]["lines"],
        "note": command["input"].get("note"),
        "submittedAt": values.now(),
        "status": "submitted",
    }
