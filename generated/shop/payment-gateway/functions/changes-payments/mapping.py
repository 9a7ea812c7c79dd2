"""The mappings of `changes-payments`."""

from typing import Any


def insert_payment_refused(change: dict[str, Any]) -> dict[str, Any]:
    """The fields of payment-refused."""
    return {
        "payment": {
            "amount": change["new"]["amount"],
            "customerId": change["new"]["customerId"],
            "id": change["new"]["id"],
        },
        "reason": change["new"]["charge"]["reason"],
        "context": change["new"]["context"],
    }


def insert_payment_refused_partition_key(event: dict[str, Any]) -> Any:
    """The partition key of payment-refused."""
    return event["payment"]["id"]


def insert_payment_refused_when(change: dict[str, Any]) -> bool:
    """Whether payment-refused is published."""
    return bool(not change["new"]["charge"]["accepted"])


def insert_payment_taken(change: dict[str, Any]) -> dict[str, Any]:
    """The fields of payment-taken."""
    return {
        "payment": {
            "amount": change["new"]["amount"],
            "customerId": change["new"]["customerId"],
            "id": change["new"]["id"],
        },
        "reference": change["new"]["charge"]["reference"],
        "context": change["new"]["context"],
    }


def insert_payment_taken_partition_key(event: dict[str, Any]) -> Any:
    """The partition key of payment-taken."""
    return event["payment"]["id"]


def insert_payment_taken_when(change: dict[str, Any]) -> bool:
    """Whether payment-taken is published."""
    return bool(change["new"]["charge"]["accepted"])
