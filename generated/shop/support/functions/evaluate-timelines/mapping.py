"""The mappings of `evaluate-timelines`."""

from typing import Any

from hooks import timeline as timeline_hooks


def evaluate(events: list[dict[str, Any]]) -> Any:
    """The row of timelines that the collected events make, oldest first."""
    return timeline_hooks.tell(events)


def order_cancelled_key(event: dict[str, Any]) -> dict[str, Any]:
    """The row of timelines that order-cancelled is about."""
    return {"orderId": event["partitionKey"]}


def order_submitted_key(event: dict[str, Any]) -> dict[str, Any]:
    """The row of timelines that order-submitted is about."""
    return {"orderId": event["partitionKey"]}


def parcel_delivered_key(event: dict[str, Any]) -> dict[str, Any]:
    """The row of timelines that parcel-delivered is about."""
    return {"orderId": event["partitionKey"]}


def parcel_dispatched_key(event: dict[str, Any]) -> dict[str, Any]:
    """The row of timelines that parcel-dispatched is about."""
    return {"orderId": event["partitionKey"]}


def parcel_packed_key(event: dict[str, Any]) -> dict[str, Any]:
    """The row of timelines that parcel-packed is about."""
    return {"orderId": event["partitionKey"]}


def payment_refunded_key(event: dict[str, Any]) -> dict[str, Any]:
    """The row of timelines that payment-refunded is about."""
    return {"orderId": event["partitionKey"]}


def payment_refused_key(event: dict[str, Any]) -> dict[str, Any]:
    """The row of timelines that payment-refused is about."""
    return {"orderId": event["partitionKey"]}


def payment_taken_key(event: dict[str, Any]) -> dict[str, Any]:
    """The row of timelines that payment-taken is about."""
    return {"orderId": event["partitionKey"]}


def reservation_confirmed_key(event: dict[str, Any]) -> dict[str, Any]:
    """The row of timelines that reservation-confirmed is about."""
    return {"orderId": event["partitionKey"]}


def reservation_released_key(event: dict[str, Any]) -> dict[str, Any]:
    """The row of timelines that reservation-released is about."""
    return {"orderId": event["partitionKey"]}


def return_requested_key(event: dict[str, Any]) -> dict[str, Any]:
    """The row of timelines that return-requested is about."""
    return {"orderId": event["partitionKey"]}
