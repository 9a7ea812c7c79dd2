"""The mappings of `reaction-plan`."""

from typing import Any


def fields(event: dict[str, Any]) -> dict[str, Any]:
    """The row of parcels that is written."""
    return {
        "id": event["parcel"]["id"],
        "lines": event["parcel"]["lines"],
        "address": event["parcel"]["address"],
        "status": "waiting",
        "context": event["context"],
    }
