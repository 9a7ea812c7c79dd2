"""The mappings of `collect-timelines`."""

from typing import Any


def order_cancelled_correlation(event: dict[str, Any]) -> Any:
    """What order-cancelled is correlated by."""
    return event["partitionKey"]


def order_submitted_correlation(event: dict[str, Any]) -> Any:
    """What order-submitted is correlated by."""
    return event["partitionKey"]


def parcel_delivered_correlation(event: dict[str, Any]) -> Any:
    """What parcel-delivered is correlated by."""
    return event["partitionKey"]


def parcel_dispatched_correlation(event: dict[str, Any]) -> Any:
    """What parcel-dispatched is correlated by."""
    return event["partitionKey"]


def parcel_packed_correlation(event: dict[str, Any]) -> Any:
    """What parcel-packed is correlated by."""
    return event["partitionKey"]


def payment_refunded_correlation(event: dict[str, Any]) -> Any:
    """What payment-refunded is correlated by."""
    return event["partitionKey"]


def payment_refused_correlation(event: dict[str, Any]) -> Any:
    """What payment-refused is correlated by."""
    return event["partitionKey"]


def payment_taken_correlation(event: dict[str, Any]) -> Any:
    """What payment-taken is correlated by."""
    return event["partitionKey"]


def reservation_confirmed_correlation(event: dict[str, Any]) -> Any:
    """What reservation-confirmed is correlated by."""
    return event["partitionKey"]


def reservation_released_correlation(event: dict[str, Any]) -> Any:
    """What reservation-released is correlated by."""
    return event["partitionKey"]


def return_requested_correlation(event: dict[str, Any]) -> Any:
    """What return-requested is correlated by."""
    return event["partitionKey"]
