"""The mappings of `command-fill`."""

from typing import Any

from hooks import pages as pages_hooks


def event(command: dict[str, Any]) -> dict[str, Any]:
    """The fields of page-written."""
    return {"page": {"id": command["input"]["id"], "text": pages_hooks.filled(command)}}


def event_partition_key(event: dict[str, Any]) -> Any:
    """The partition key of page-written."""
    return event["page"]["id"]
