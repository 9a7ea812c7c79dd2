"""The mappings of `transitions`."""

from typing import Any


def make_reservation(event: dict[str, Any]) -> dict[str, Any]:
    """The fields of make-reservation."""
    return {
        "reservation": {"quantity": event["order"]["quantity"], "sku": event["order"]["sku"]},
        "context": {"order": event["order"]},
    }


def update_order_status(event: dict[str, Any]) -> dict[str, Any]:
    """The fields of update-order-status."""
    return {"order": {"id": event["context"]["order"]["id"], "status": "reserved"}, "context": event["context"]}


def update_order_status_partition_key(event: dict[str, Any]) -> Any:
    """The partition key of update-order-status."""
    return event["order"]["id"]
