"""The mappings of `reaction-parcel-dispatched`."""

from typing import Any

from hooks import mail


def call(event: dict[str, Any]) -> Any:
    """What is done about the event."""
    return mail.parcel_dispatched(event)
