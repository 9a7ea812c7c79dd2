"""The mappings of `query-picture`."""

from typing import Any


def key(request: dict[str, Any]) -> dict[str, Any]:
    """The key of the row of pictures."""
    return {"id": request["input"]["id"]}
