"""The mappings of `reaction-announce`."""

from typing import Any


def fields(event: dict[str, Any]) -> dict[str, Any]:
    """The message to partners."""
    return {"carrier": event["parcel"]["carrier"], "id": event["parcel"]["id"]}
