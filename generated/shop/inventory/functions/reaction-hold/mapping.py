"""The mappings of `reaction-hold`."""

from typing import Any

from hooks import warehouse as warehouse_hooks


def fields(event: dict[str, Any]) -> dict[str, Any]:
    """The row of reservations that is written."""
    return {
        "context": event["context"],
        "hold": warehouse_hooks.hold(event),
        "id": event["reservation"]["id"],
        "lines": event["reservation"]["lines"],
    }
