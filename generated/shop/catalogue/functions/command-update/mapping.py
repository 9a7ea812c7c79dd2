"""The mappings of `command-update`."""

from typing import Any


def fields(command: dict[str, Any]) -> dict[str, Any]:
    """The row of products that is written."""
    return {
        "name": command["input"]["name"],
        "description": command["input"]["description"],
        "category": command["input"]["category"],
        "price": command["input"]["price"],
    }


def key(command: dict[str, Any]) -> dict[str, Any]:
    """The key of the row of products."""
    return {"id": command["path"]["id"]}
