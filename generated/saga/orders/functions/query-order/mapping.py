"""The mappings of `query-order`."""

from typing import Any


def key(request: dict[str, Any]) -> dict[str, Any]:
    """The key of the row of orders."""
    return {"id": request["path"]["id"]}
