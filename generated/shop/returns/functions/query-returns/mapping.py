"""The mappings of `query-returns`."""

from typing import Any


def key(request: dict[str, Any]) -> dict[str, Any]:
    """The key of the row of returns."""
    return {"customerId": request["path"]["customerId"]}
