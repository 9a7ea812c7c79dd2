"""The mappings of `query-month`."""

from typing import Any


def key(request: dict[str, Any]) -> dict[str, Any]:
    """The key of the row of monthly."""
    return {"customerId": request["path"]["customerId"], "month": request["path"]["month"]}
