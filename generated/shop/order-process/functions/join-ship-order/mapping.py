"""The mappings of `join-ship-order`."""

from typing import Any


def ship_order(events: dict[str, Any]) -> dict[str, Any]:
    """The fields of ship-order."""
    return {
        "parcel": {"id": events["context"]["order"]["id"], "weight": events["parcel-packed"]["parcel"].get("weight")},
        "context": events["context"],
    }


def ship_order_partition_key(event: dict[str, Any]) -> Any:
    """The partition key of ship-order."""
    return event["parcel"]["id"]
