"""The mappings of `command-create`."""

from typing import Any


def fields(command: dict[str, Any]) -> dict[str, Any]:
    """The row of products that is written."""
    return {
        "id": command["input"]["id"],
        "name": command["input"]["name"],
        "description": command["input"]["description"],
        "category": command["input"]["category"],
        "price": command["input"]["price"],
    }
