"""The mappings of `command-update`."""

from typing import Any


def fields(command: dict[str, Any]) -> dict[str, Any]:
    """The row of products that is written."""
    return {
        "category": command["input"]["category"],
        "description": command["input"]["description"],
        "name": command["input"]["name"],
        "price": command["input"]["price"],
    }


def key(command: dict[str, Any]) -> dict[str, Any]:
    """The key of the row of products."""
    return {"id": command["path"]["id"]}
