"""The mappings of `view-things`."""

from typing import Any


def thing_submitted_fields(event: dict[str, Any]) -> dict[str, Any]:
    """The fields of things that thing-submitted sets."""
    return {
        "category": event["thing"]["category"],
        "description": event["thing"]["description"],
        "id": event["thing"]["id"],
        "name": event["thing"]["name"],
    }


def thing_submitted_key(event: dict[str, Any]) -> dict[str, Any]:
    """The row of things that thing-submitted is about."""
    return {"id": event["thing"]["id"]}


def thing_withdrawn_key(event: dict[str, Any]) -> dict[str, Any]:
    """The row of things that thing-withdrawn is about."""
    return {"id": event["thing"]["id"]}
