"""The mappings of `evaluate-monthly`."""

from typing import Any

from cncb_runtime import values


def order_submitted_key(event: dict[str, Any]) -> dict[str, Any]:
    """The row of monthly that order-submitted is about."""
    return {"customerId": event["order"]["customerId"], "month": values.month(event["timestamp"])}


def payment_refunded_key(event: dict[str, Any]) -> dict[str, Any]:
    """The row of monthly that payment-refunded is about."""
    return {"customerId": event["refund"]["customerId"], "month": values.month(event["timestamp"])}


def payment_taken_key(event: dict[str, Any]) -> dict[str, Any]:
    """The row of monthly that payment-taken is about."""
    return {"customerId": event["payment"]["customerId"], "month": values.month(event["timestamp"])}


def aggregate(events: list[dict[str, Any]]) -> dict[str, Any]:
    """The fields of a row, from all of its events in the order of their timestamps."""
    return {
        "orders": sum(1 for event in events if event["type"] == "order-submitted"),
        "refunded": sum([event["refund"]["amount"] for event in events if event["type"] == "payment-refunded"]),
        "spent": sum([event["payment"]["amount"] for event in events if event["type"] == "payment-taken"]),
    }
