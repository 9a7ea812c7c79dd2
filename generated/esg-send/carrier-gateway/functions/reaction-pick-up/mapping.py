"""The mappings of `reaction-pick-up`."""

from typing import Any


def fields(event: dict[str, Any]) -> dict[str, Any]:
    """The message to pickups."""
    return {"grams": event["parcel"]["grams"], "parcelId": event["parcel"]["id"]}
