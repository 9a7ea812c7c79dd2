"""The mappings of `reaction-hold`."""

from typing import Any

from hooks import warehouse


def fields(event: dict[str, Any]) -> dict[str, Any]:
    """The row of reservations that is written."""
    return {
        "id": event["reservation"]["id"],
        "lines": event["reservation"]["lines"],
        "hold": warehouse.hold(event),
        "context": event["context"],
    }
