"""The mappings of `command-create`."""

from typing import Any


def event(command: dict[str, Any]) -> dict[str, Any]:
    """The fields of thing-created."""
    return {"thing": command["input"]["thing"]}


def event_partition_key(event: dict[str, Any]) -> Any:
    """The partition key of thing-created."""
    return event["thing"]["id"]
