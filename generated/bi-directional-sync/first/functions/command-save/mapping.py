"""The mappings of `command-save`."""

from typing import Any


def fields(command: dict[str, Any]) -> dict[str, Any]:
    """The row of things that is written."""
    return {"id": command["input"]["id"], "name": command["input"]["name"]}
