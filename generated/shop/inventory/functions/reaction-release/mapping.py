"""The mappings of `reaction-release`."""

from typing import Any

from hooks import warehouse as warehouse_hooks


def fields(event: dict[str, Any]) -> dict[str, Any]:
    """The row of reservations that is written."""
    return {"released": warehouse_hooks.release(event)}


def key(event: dict[str, Any]) -> dict[str, Any]:
    """The key of the row of reservations."""
    return {"id": event["reservation"]["id"]}
