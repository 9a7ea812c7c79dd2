"""The mappings of `changes-orders`."""

from typing import Any


def insert_order_submitted(change: dict[str, Any]) -> dict[str, Any]:
    """The fields of order-submitted."""
    return {"order": change["new"]}


def insert_order_submitted_partition_key(event: dict[str, Any]) -> Any:
    """The partition key of order-submitted."""
    return event["order"]["id"]


def modify_order_cancelled(change: dict[str, Any]) -> dict[str, Any]:
    """The fields of order-cancelled."""
    return {"order": change["new"]}


def modify_order_cancelled_partition_key(event: dict[str, Any]) -> Any:
    """The partition key of order-cancelled."""
    return event["order"]["id"]


def modify_order_cancelled_when(change: dict[str, Any]) -> bool:
    """Whether order-cancelled is published."""
    return bool(change["new"]["status"] == "cancelled" and change["old"]["status"] != "cancelled")
