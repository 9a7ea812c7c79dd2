"""The mappings of `view-returnable`."""

from typing import Any


def fields(event: dict[str, Any]) -> dict[str, Any]:
    """The fields of returnable that parcel-delivered sets."""
    return {
        "customerId": event["context"]["order"]["customerId"],
        "deliveredAt": event["timestamp"],
        "lines": event["context"]["order"]["lines"],
        "orderId": event["context"]["order"]["id"],
    }


def key(event: dict[str, Any]) -> dict[str, Any]:
    """The row of returnable that parcel-delivered is about."""
    return {"orderId": event["context"]["order"]["id"]}
