"""The mappings of `transitions`."""

from typing import Any


def reservation_violation(event: dict[str, Any]) -> dict[str, Any]:
    """The fields of reservation-violation."""
    return {"context": {"order": event["order"]}}


def reservation_violation_when(event: dict[str, Any]) -> bool:
    """Whether reservation-violation is published."""
    return bool(event["order"]["quantity"] > 5)
