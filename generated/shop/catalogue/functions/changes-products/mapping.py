"""The mappings of `changes-products`."""

from typing import Any


def insert_product_created(change: dict[str, Any]) -> dict[str, Any]:
    """The fields of product-created."""
    return {"product": change["new"]}


def insert_product_created_partition_key(event: dict[str, Any]) -> Any:
    """The partition key of product-created."""
    return event["product"]["id"]


def modify_product_updated(change: dict[str, Any]) -> dict[str, Any]:
    """The fields of product-updated."""
    return {"product": change["new"]}


def modify_product_updated_partition_key(event: dict[str, Any]) -> Any:
    """The partition key of product-updated."""
    return event["product"]["id"]


def remove_product_removed(change: dict[str, Any]) -> dict[str, Any]:
    """The fields of product-removed."""
    return {"product": change["old"]}


def remove_product_removed_partition_key(event: dict[str, Any]) -> Any:
    """The partition key of product-removed."""
    return event["product"]["id"]
