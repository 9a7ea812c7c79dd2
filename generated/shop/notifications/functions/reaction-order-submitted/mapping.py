"""The mappings of `reaction-order-submitted`."""

from typing import Any

from hooks import mail


def call(event: dict[str, Any]) -> Any:
    """What is done about the event."""
    return mail.order_submitted(event)
