"""The mappings of `reaction-update-status`."""

from typing import Any


def fields(event: dict[str, Any]) -> dict[str, Any]:
    """The row of orders that is written."""
    return {"status": event["order"]["status"]}


def key(event: dict[str, Any]) -> dict[str, Any]:
    """The key of the row of orders."""
    return {"id": event["order"]["id"]}
