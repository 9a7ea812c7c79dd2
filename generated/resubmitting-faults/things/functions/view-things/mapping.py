"""The mappings of `view-things`."""

from typing import Any

from hooks import catalog as catalog_hooks


def fields(event: dict[str, Any]) -> dict[str, Any]:
    """The fields of things that thing-created sets."""
    return {"id": event["thing"]["id"], "owner": event["thing"]["owner"], "price": catalog_hooks.price(event)}


def key(event: dict[str, Any]) -> dict[str, Any]:
    """The row of things that thing-created is about."""
    return {"id": event["thing"]["id"]}
