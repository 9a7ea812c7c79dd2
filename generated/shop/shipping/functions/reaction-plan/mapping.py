"""The mappings of `reaction-plan`."""

from typing import Any


def fields(event: dict[str, Any]) -> dict[str, Any]:
    """The row of parcels that is written."""
    return {
        "address": event["parcel"]["address"],
        "context": event["context"],
        "id": event["parcel"]["id"],
        "lines": event["parcel"]["lines"],
        "status": "waiting",
    }
