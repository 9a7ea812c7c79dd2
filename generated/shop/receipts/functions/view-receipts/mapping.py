"""The mappings of `view-receipts`."""

from typing import Any


def fields(event: dict[str, Any]) -> dict[str, Any]:
    """The fields of receipts that payment-taken sets."""
    return {
        "orderId": event["payment"]["id"],
        "customerId": event["payment"]["customerId"],
        "name": event["context"]["order"]["address"]["name"],
        "lines": event["context"]["order"]["lines"],
        "amount": event["payment"]["amount"],
        "reference": event["reference"],
        "paidAt": event["timestamp"],
    }


def key(event: dict[str, Any]) -> dict[str, Any]:
    """The row of receipts that payment-taken is about."""
    return {"orderId": event["payment"]["id"]}
