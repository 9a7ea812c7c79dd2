"""The mappings of `command-pack`."""

from typing import Any


def fields(command: dict[str, Any]) -> dict[str, Any]:
    """The row of parcels that is written."""
    return {"status": "packed", "weight": command["input"]["weight"]}


def key(command: dict[str, Any]) -> dict[str, Any]:
    """The key of the row of parcels."""
    return {"id": command["path"]["id"]}
