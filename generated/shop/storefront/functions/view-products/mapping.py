"""The mappings of `view-products`."""

from typing import Any


def product_created_fields(event: dict[str, Any]) -> dict[str, Any]:
    """The fields of products that product-created sets."""
    return {
        "category": event["product"]["category"],
        "description": event["product"]["description"],
        "id": event["product"]["id"],
        "name": event["product"]["name"],
        "price": event["product"]["price"],
    }


def product_created_key(event: dict[str, Any]) -> dict[str, Any]:
    """The row of products that product-created is about."""
    return {"id": event["product"]["id"]}


def product_removed_key(event: dict[str, Any]) -> dict[str, Any]:
    """The row of products that product-removed is about."""
    return {"id": event["product"]["id"]}


def product_updated_fields(event: dict[str, Any]) -> dict[str, Any]:
    """The fields of products that product-updated sets."""
    return {
        "category": event["product"]["category"],
        "description": event["product"]["description"],
        "id": event["product"]["id"],
        "name": event["product"]["name"],
        "price": event["product"]["price"],
    }


def product_updated_key(event: dict[str, Any]) -> dict[str, Any]:
    """The row of products that product-updated is about."""
    return {"id": event["product"]["id"]}


def stock_counted_fields(event: dict[str, Any]) -> dict[str, Any]:
    """The fields of products that stock-counted sets."""
    return {"inStock": event["stock"]["available"] > 0}


def stock_counted_key(event: dict[str, Any]) -> dict[str, Any]:
    """The row of products that stock-counted is about."""
    return {"id": event["stock"]["id"]}
