"""The mappings of `command-approve`."""

from typing import Any


def fields(command: dict[str, Any]) -> dict[str, Any]:
    """The row of returns that is written."""
    return {"status": "approved"}


def key(command: dict[str, Any]) -> dict[str, Any]:
    """The key of the row of returns."""
    return {"id": command["path"]["id"]}
