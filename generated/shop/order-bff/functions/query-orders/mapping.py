"""The mappings of `query-orders`."""

from typing import Any


def key(request: dict[str, Any]) -> dict[str, Any]:
    """The key of the row of orders."""
    return {"customerId": request["path"]["customerId"]}


def response(row: dict[str, Any]) -> dict[str, Any]:
    """The response for a row."""
    return {"id": row["id"], "lines": row["lines"], "status": row["status"], "submittedAt": row["submittedAt"]}
