"""The mappings of `reaction-withdraw`."""

from typing import Any


def fields(event: dict[str, Any]) -> dict[str, Any]:
    """The row of parcels that is written."""
    return {"status": "withdrawn"}


def key(event: dict[str, Any]) -> dict[str, Any]:
    """The key of the row of parcels."""
    return {"id": event["context"]["order"]["id"]}
