"""The mappings of `reaction-cancel`."""

from typing import Any


def fields(event: dict[str, Any]) -> dict[str, Any]:
    """The row of orders that is written."""
    return {"reason": event["reason"], "status": "cancelled"}


def key(event: dict[str, Any]) -> dict[str, Any]:
    """The key of the row of orders."""
    return {"id": event["context"]["order"]["id"]}
