"""The mappings of `view-lengths`."""

from typing import Any


def fields(event: dict[str, Any]) -> dict[str, Any]:
    """The fields of lengths that page-written sets."""
    return {"length": len(event["page"]["text"])}


def key(event: dict[str, Any]) -> dict[str, Any]:
    """The row of lengths that page-written is about."""
    return {"id": event["page"]["id"]}
