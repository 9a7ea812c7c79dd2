"""The mappings of `changes-parcels`."""

from typing import Any


def modify_parcel_delivered(change: dict[str, Any]) -> dict[str, Any]:
    """The fields of parcel-delivered."""
    return {
        "parcel": {
            "id": change["new"]["id"],
            "tracking": change["new"].get("tracking"),
            "weight": change["new"].get("weight"),
        },
        "context": change["new"]["context"],
    }


def modify_parcel_delivered_partition_key(event: dict[str, Any]) -> Any:
    """The partition key of parcel-delivered."""
    return event["parcel"]["id"]


def modify_parcel_delivered_when(change: dict[str, Any]) -> bool:
    """Whether parcel-delivered is published."""
    return bool(change["new"]["status"] == "delivered" and change["old"]["status"] != "delivered")


def modify_parcel_dispatched(change: dict[str, Any]) -> dict[str, Any]:
    """The fields of parcel-dispatched."""
    return {
        "parcel": {
            "id": change["new"]["id"],
            "tracking": change["new"].get("tracking"),
            "weight": change["new"].get("weight"),
        },
        "context": change["new"]["context"],
    }


def modify_parcel_dispatched_partition_key(event: dict[str, Any]) -> Any:
    """The partition key of parcel-dispatched."""
    return event["parcel"]["id"]


def modify_parcel_dispatched_when(change: dict[str, Any]) -> bool:
    """Whether parcel-dispatched is published."""
    return bool(change["new"]["status"] == "dispatched" and change["old"]["status"] != "dispatched")


def modify_parcel_packed(change: dict[str, Any]) -> dict[str, Any]:
    """The fields of parcel-packed."""
    return {
        "parcel": {
            "id": change["new"]["id"],
            "tracking": change["new"].get("tracking"),
            "weight": change["new"].get("weight"),
        },
        "context": change["new"]["context"],
    }


def modify_parcel_packed_partition_key(event: dict[str, Any]) -> Any:
    """The partition key of parcel-packed."""
    return event["parcel"]["id"]


def modify_parcel_packed_when(change: dict[str, Any]) -> bool:
    """Whether parcel-packed is published."""
    return bool(change["new"]["status"] == "packed" and change["old"]["status"] != "packed")
