"""The mappings of `query-thing`."""

from typing import Any


def key(request: dict[str, Any]) -> dict[str, Any]:
    """The key of the row of things."""
    return {"id": request["path"]["id"]}
