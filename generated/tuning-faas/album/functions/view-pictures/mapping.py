"""The mappings of `view-pictures`."""

from typing import Any


def fields(event: dict[str, Any]) -> dict[str, Any]:
    """The fields of pictures that picture-taken sets."""
    return {"id": event["picture"]["id"], "title": event["picture"]["title"]}


def key(event: dict[str, Any]) -> dict[str, Any]:
    """The row of pictures that picture-taken is about."""
    return {"id": event["picture"]["id"]}
