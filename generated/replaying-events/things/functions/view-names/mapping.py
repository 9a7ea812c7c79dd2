"""The mappings of `view-names`."""

from typing import Any


def thing_created_fields(event: dict[str, Any]) -> dict[str, Any]:
    """The fields of names that thing-created sets."""
    return {"name": event["thing"]["name"]}


def thing_created_key(event: dict[str, Any]) -> dict[str, Any]:
    """The row of names that thing-created is about."""
    return {"name": event["thing"]["name"]}


def thing_renamed_fields(event: dict[str, Any]) -> dict[str, Any]:
    """The fields of names that thing-renamed sets."""
    return {"name": event["thing"]["name"]}


def thing_renamed_key(event: dict[str, Any]) -> dict[str, Any]:
    """The row of names that thing-renamed is about."""
    return {"name": event["thing"]["name"]}
