"""The mappings of `view-things`."""

from typing import Any


def fields(event: dict[str, Any]) -> dict[str, Any]:
    """The fields of things that thing-created sets."""
    return {"id": event["thing"]["id"], "name": event["thing"]["name"]}


def key(event: dict[str, Any]) -> dict[str, Any]:
    """The row of things that thing-created is about."""
    return {"id": event["thing"]["id"]}
