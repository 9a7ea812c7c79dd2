"""The mappings of `view-things`."""

from typing import Any


def thing_created_fields(event: dict[str, Any]) -> dict[str, Any]:
    """The fields of things that thing-created sets."""
    return {"id": event["thing"]["id"], "name": event["thing"]["name"]}


def thing_created_key(event: dict[str, Any]) -> dict[str, Any]:
    """The row of things that thing-created is about."""
    return {"id": event["thing"]["id"]}


def thing_renamed_fields(event: dict[str, Any]) -> dict[str, Any]:
    """The fields of things that thing-renamed sets."""
    return {"id": event["thing"]["id"], "name": event["thing"]["name"]}


def thing_renamed_key(event: dict[str, Any]) -> dict[str, Any]:
    """The row of things that thing-renamed is about."""
    return {"id": event["thing"]["id"]}
