"""The mappings of `evaluate-histories`."""

from typing import Any

from hooks import history as history_hooks


def evaluate(events: list[dict[str, Any]]) -> Any:
    """The row of histories that the collected events make, oldest first."""
    return history_hooks.names(events)


def thing_submitted_key(event: dict[str, Any]) -> dict[str, Any]:
    """The row of histories that thing-submitted is about."""
    return {"id": event["thing"]["id"]}


def thing_updated_key(event: dict[str, Any]) -> dict[str, Any]:
    """The row of histories that thing-updated is about."""
    return {"id": event["thing"]["id"]}
