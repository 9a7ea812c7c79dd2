"""The mappings of `changes-orders`."""

from typing import Any


def insert_order_submitted(change: dict[str, Any]) -> dict[str, Any]:
    """The fields of order-submitted."""
    return {"order": change["new"]}


def insert_order_submitted_partition_key(event: dict[str, Any]) -> Any:
    """The partition key of order-submitted."""
    return event["order"]["id"]
