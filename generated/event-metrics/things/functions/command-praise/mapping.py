"""The mappings of `command-praise`."""

from typing import Any


def event(command: dict[str, Any]) -> dict[str, Any]:
    """The fields of thing-praised."""
    return {"thing": command["input"]["thing"]}


def event_partition_key(event: dict[str, Any]) -> Any:
    """The partition key of thing-praised."""
    return event["thing"]["id"]
