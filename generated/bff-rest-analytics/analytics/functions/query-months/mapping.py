"""The mappings of `query-months`."""

from typing import Any


def key(request: dict[str, Any]) -> dict[str, Any]:
    """The key of the row of monthly."""
    return {"userId": request["path"]["userId"]}
