"""The mappings of `reaction-dispatch`."""

from typing import Any

from hooks import carrier as carrier_hooks


def fields(event: dict[str, Any]) -> dict[str, Any]:
    """The row of parcels that is written."""
    return {"status": "dispatched", "tracking": carrier_hooks.book(event)}


def key(event: dict[str, Any]) -> dict[str, Any]:
    """The key of the row of parcels."""
    return {"id": event["parcel"]["id"]}
