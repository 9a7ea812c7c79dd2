"""The mappings of `reaction-payment-refunded`."""

from typing import Any

from hooks import mail


def call(event: dict[str, Any]) -> Any:
    """What is done about the event."""
    return mail.payment_refunded(event)
