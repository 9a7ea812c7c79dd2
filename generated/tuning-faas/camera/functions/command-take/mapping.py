"""The mappings of `command-take`."""

from typing import Any


def event(command: dict[str, Any]) -> dict[str, Any]:
    """The fields of picture-taken."""
    return {"picture": command["input"]["picture"]}


def event_partition_key(event: dict[str, Any]) -> Any:
    """The partition key of picture-taken."""
    return event["picture"]["id"]
