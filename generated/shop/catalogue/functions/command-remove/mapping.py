"""The mappings of `command-remove`."""

from typing import Any


def key(command: dict[str, Any]) -> dict[str, Any]:
    """The key of the row of products."""
    return {"id": command["path"]["id"]}
