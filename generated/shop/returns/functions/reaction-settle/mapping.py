"""The mappings of `reaction-settle`."""

from typing import Any


def fields(event: dict[str, Any]) -> dict[str, Any]:
    """The row of returns that is written."""
    return {"status": "refunded"}


def key(event: dict[str, Any]) -> dict[str, Any]:
    """The key of the row of returns."""
    return {"id": event["context"]["return"]["id"]}
