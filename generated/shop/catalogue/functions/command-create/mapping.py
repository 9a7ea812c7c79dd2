"""The mappings of `command-create`."""

from typing import Any


def fields(command: dict[str, Any]) -> dict[str, Any]:
    """The row of products that is written."""
    return {
        "category": command["input"]["category"],
        "description": command["input"]["description"],
        "id": command["input"]["id"],
        "name": command["input"]["name"],
        "price": command["input"]["price"],
    }
