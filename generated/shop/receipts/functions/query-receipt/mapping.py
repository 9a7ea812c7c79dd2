"""The mappings of `query-receipt`."""

from typing import Any


def key(request: dict[str, Any]) -> dict[str, Any]:
    """The key of the row of receipts."""
    return {"orderId": request["path"]["orderId"]}
