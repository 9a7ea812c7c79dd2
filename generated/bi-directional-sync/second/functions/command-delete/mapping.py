"""The mappings of `command-delete`."""

from typing import Any


def key(command: dict[str, Any]) -> dict[str, Any]:
    """The key of the row of things."""
    return {"id": command["input"]["id"]}
