"""The mappings of `transitions`."""

from typing import Any


def reservation_confirmed(event: dict[str, Any]) -> dict[str, Any]:
    """The fields of reservation-confirmed."""
    return {"reservation": event["reservation"], "context": event["context"]}
