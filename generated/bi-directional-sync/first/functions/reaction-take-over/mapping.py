"""The mappings of `reaction-take-over`."""

from typing import Any


def fields(event: dict[str, Any]) -> dict[str, Any]:
    """The row of things that is written."""
    return {"id": event["thing"]["id"], "name": event["thing"]["name"]}
