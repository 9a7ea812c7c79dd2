"""The mappings of `query-timeline`."""

from typing import Any


def key(request: dict[str, Any]) -> dict[str, Any]:
    """The key of the row of timelines."""
    return {"orderId": request["path"]["orderId"]}
