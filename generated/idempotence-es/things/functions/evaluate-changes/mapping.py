"""The mappings of `evaluate-changes`."""

from typing import Any


def thing_created_key(event: dict[str, Any]) -> dict[str, Any]:
    """The row of changes that thing-created is about."""
    return {"id": event["thing"]["id"]}


def thing_updated_key(event: dict[str, Any]) -> dict[str, Any]:
    """The row of changes that thing-updated is about."""
    return {"id": event["thing"]["id"]}


def aggregate(events: list[dict[str, Any]]) -> dict[str, Any]:
    """The fields of a row, from all of its events in the order of their timestamps."""
    return {
        "created": sum(1 for event in events if event["type"] == "thing-created"),
        "updated": sum(1 for event in events if event["type"] == "thing-updated"),
    }
