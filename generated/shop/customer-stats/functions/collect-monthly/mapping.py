"""The mappings of `collect-monthly`."""

from typing import Any


def order_submitted_correlation(event: dict[str, Any]) -> Any:
    """What order-submitted is correlated by."""
    return event["order"]["customerId"]


def payment_refunded_correlation(event: dict[str, Any]) -> Any:
    """What payment-refunded is correlated by."""
    return event["refund"]["customerId"]


def payment_taken_correlation(event: dict[str, Any]) -> Any:
    """What payment-taken is correlated by."""
    return event["payment"]["customerId"]
