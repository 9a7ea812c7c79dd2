"""The mappings of `view-returnable`."""

from typing import Any


def fields(event: dict[str, Any]) -> dict[str, Any]:
    """The fields of returnable that parcel-delivered sets."""
    return {
        "orderId": event["context"]["order"]["id"],
        "customerId": event["context"]["order"]["customerId"],
        "lines": event["context"]["order"]["lines"],
        "deliveredAt": event["timestamp"],
    }


def key(event: dict[str, Any]) -> dict[str, Any]:
    """The row of returnable that parcel-delivered is about."""
    return {"orderId": event["context"]["order"]["id"]}
