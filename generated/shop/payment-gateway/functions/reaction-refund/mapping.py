"""The mappings of `reaction-refund`."""

from typing import Any

from hooks import provider as provider_hooks


def fields(event: dict[str, Any]) -> dict[str, Any]:
    """The row of refunds that is written."""
    return {
        "amount": event["refund"]["amount"],
        "context": event["context"],
        "customerId": event["refund"]["customerId"],
        "id": event["refund"]["id"],
        "orderId": event["refund"]["orderId"],
        "reference": provider_hooks.refund(event),
    }
