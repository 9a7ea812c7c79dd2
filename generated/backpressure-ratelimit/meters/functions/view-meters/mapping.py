"""The mappings of `view-meters`."""

from typing import Any


def fields(event: dict[str, Any]) -> dict[str, Any]:
    """The fields of meters that meter-read sets."""
    return {"id": event["meter"]["id"], "reading": event["meter"]["reading"]}


def key(event: dict[str, Any]) -> dict[str, Any]:
    """The row of meters that meter-read is about."""
    return {"id": event["meter"]["id"]}
