"""The mappings of `query-history`."""

from typing import Any


def key(request: dict[str, Any]) -> dict[str, Any]:
    """The key of the row of histories."""
    return {"id": request["path"]["id"]}
