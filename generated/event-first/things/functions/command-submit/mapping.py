"""The mappings of `command-submit`."""

from typing import Any


def event(command: dict[str, Any]) -> dict[str, Any]:
    """The fields of thing-submitted."""
    return {"thing": command["input"]["thing"]}


def event_partition_key(event: dict[str, Any]) -> Any:
    """The partition key of thing-submitted."""
    return event["thing"]["id"]
