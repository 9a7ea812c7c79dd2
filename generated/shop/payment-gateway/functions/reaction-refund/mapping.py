"""The mappings of `reaction-refund`."""

from typing import Any

from hooks import provider as provider_hooks


def fields(event: dict[str, Any]) -> dict[str, Any]:
    """The row of refunds that is written."""
    return {
        "id": event["refund"]["id"],
        "orderId": event["refund"]["orderId"],
        "customerId": event["refund"]["customerId"],
        "amount": event["refund"]["amount"],
        "reference": provider_hooks.refund(event),
        "context": event["context"],
    }
