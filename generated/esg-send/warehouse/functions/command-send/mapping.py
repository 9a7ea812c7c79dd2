"""The mappings of `command-send`."""

from typing import Any


def event(command: dict[str, Any]) -> dict[str, Any]:
    """The fields of parcel-sent."""
    return {"parcel": command["input"]["parcel"]}


def event_partition_key(event: dict[str, Any]) -> Any:
    """The partition key of parcel-sent."""
    return event["parcel"]["id"]
