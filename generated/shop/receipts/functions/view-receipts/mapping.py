"""The mappings of `view-receipts`."""

from typing import Any


def fields(event: dict[str, Any]) -> dict[str, Any]:
    """The fields of receipts that payment-taken sets."""
    return {
        "amount": event["payment"]["amount"],
        "customerId": event["payment"]["customerId"],
        "lines": event["context"]["order"]["lines"],
        "name": event["context"]["order"]["address"]["name"],
        "orderId": event["payment"]["id"],
        "paidAt": event["timestamp"],
        "reference": event["reference"],
    }


def key(event: dict[str, Any]) -> dict[str, Any]:
    """The row of receipts that payment-taken is about."""
    return {"orderId": event["payment"]["id"]}
