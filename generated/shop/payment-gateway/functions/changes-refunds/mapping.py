"""The mappings of `changes-refunds`."""

from typing import Any


def insert_payment_refunded(change: dict[str, Any]) -> dict[str, Any]:
    """The fields of payment-refunded."""
    return {
        "refund": {
            "amount": change["new"]["amount"],
            "customerId": change["new"]["customerId"],
            "id": change["new"]["id"],
            "orderId": change["new"]["orderId"],
        },
        "context": change["new"]["context"],
    }


def insert_payment_refunded_partition_key(event: dict[str, Any]) -> Any:
    """The partition key of payment-refunded."""
    return event["refund"]["orderId"]
