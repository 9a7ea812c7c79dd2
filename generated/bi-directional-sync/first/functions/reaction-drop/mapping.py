"""The mappings of `reaction-drop`."""

from typing import Any


def key(event: dict[str, Any]) -> dict[str, Any]:
    """The key of the row of things."""
    return {"id": event["thing"]["id"]}
