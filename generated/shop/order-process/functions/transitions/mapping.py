"""The mappings of `transitions`."""

from typing import Any

from hooks import pricing as pricing_hooks


def make_reservation(event: dict[str, Any]) -> dict[str, Any]:
    """The fields of make-reservation."""
    return {
        "reservation": {"id": event["order"]["id"], "lines": event["order"]["lines"]},
        "context": {"order": event["order"]},
    }


def make_reservation_partition_key(event: dict[str, Any]) -> Any:
    """The partition key of make-reservation."""
    return event["reservation"]["id"]


def pack_order(event: dict[str, Any]) -> dict[str, Any]:
    """The fields of pack-order."""
    return {
        "parcel": {
            "address": event["context"]["order"]["address"],
            "id": event["context"]["order"]["id"],
            "lines": event["context"]["order"]["lines"],
        },
        "context": event["context"],
    }


def pack_order_partition_key(event: dict[str, Any]) -> Any:
    """The partition key of pack-order."""
    return event["parcel"]["id"]


def refund_payment(event: dict[str, Any]) -> dict[str, Any]:
    """The fields of refund-payment."""
    return {
        "refund": {
            "amount": pricing_hooks.refund(event),
            "customerId": event["return"]["customerId"],
            "id": event["return"]["id"],
            "orderId": event["return"]["orderId"],
        },
        "context": {"return": event["return"]},
    }


def refund_payment_partition_key(event: dict[str, Any]) -> Any:
    """The partition key of refund-payment."""
    return event["refund"]["orderId"]


def release_reservation(event: dict[str, Any]) -> dict[str, Any]:
    """The fields of release-reservation."""
    return {"reservation": {"id": event["context"]["order"]["id"]}, "context": event["context"]}


def release_reservation_partition_key(event: dict[str, Any]) -> Any:
    """The partition key of release-reservation."""
    return event["reservation"]["id"]


def take_payment(event: dict[str, Any]) -> dict[str, Any]:
    """The fields of take-payment."""
    return {
        "payment": {
            "amount": pricing_hooks.total(event),
            "customerId": event["context"]["order"]["customerId"],
            "id": event["context"]["order"]["id"],
        },
        "context": event["context"],
    }


def take_payment_partition_key(event: dict[str, Any]) -> Any:
    """The partition key of take-payment."""
    return event["payment"]["id"]
