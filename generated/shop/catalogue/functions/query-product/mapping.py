"""The mappings of `query-product`."""

from typing import Any


def key(request: dict[str, Any]) -> dict[str, Any]:
    """The key of the row of products."""
    return {"id": request["path"]["id"]}
