"""The mappings of `command-publish`."""

from typing import Any

from cncb_runtime import values


def event(command: dict[str, Any]) -> dict[str, Any]:
    """The fields of thing-created."""
    return {"thing": {"id": values.uuid4(), "name": command["input"]["name"]}}


def event_partition_key(event: dict[str, Any]) -> Any:
    """The partition key of thing-created."""
    return event["thing"]["id"]
