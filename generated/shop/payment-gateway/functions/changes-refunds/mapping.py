"""The mappings of `changes-refunds`."""

from typing import Any


def insert_payment_refunded(change: dict[str, Any]) -> dict[str, Any]:
    """The fields of payment-refunded."""
    return {
        "refund": {
            "id": change["new"]["id"],
            "orderId": change["new"]["orderId"],
            "customerId": change["new"]["customerId"],
            "amount": change["new"]["amount"],
        },
        "context": change["new"]["context"],
    }


def insert_payment_refunded_partition_key(event: dict[str, Any]) -> Any:
    """The partition key of payment-refunded."""
    return event["refund"]["orderId"]
