"""The mappings of `query-returnable`."""

from typing import Any


def key(request: dict[str, Any]) -> dict[str, Any]:
    """The key of the row of returnable."""
    return {"orderId": request["path"]["orderId"]}
