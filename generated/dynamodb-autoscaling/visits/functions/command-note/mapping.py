"""The mappings of `command-note`."""

from typing import Any

from cncb_runtime import values


def fields(command: dict[str, Any]) -> dict[str, Any]:
    """The row of visits that is written."""
    return {"at": values.now(), "city": command["input"]["city"], "id": command["input"]["id"]}
