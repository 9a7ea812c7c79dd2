"""The mappings of `reaction-charge`."""

from typing import Any

from hooks import provider as provider_hooks


def fields(event: dict[str, Any]) -> dict[str, Any]:
    """The row of payments that is written."""
    return {
        "amount": event["payment"]["amount"],
        "charge": provider_hooks.charge(event),
        "context": event["context"],
        "customerId": event["payment"]["customerId"],
        "id": event["payment"]["id"],
    }
