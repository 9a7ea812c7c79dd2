"""The mappings of `evaluate-monthly`."""

from typing import Any

from cncb_runtime import values


def thing_bought_key(event: dict[str, Any]) -> dict[str, Any]:
    """The row of monthly that thing-bought is about."""
    return {"userId": event["user"]["id"], "month": values.month(event["timestamp"])}


def thing_viewed_key(event: dict[str, Any]) -> dict[str, Any]:
    """The row of monthly that thing-viewed is about."""
    return {"userId": event["user"]["id"], "month": values.month(event["timestamp"])}


def aggregate(events: list[dict[str, Any]]) -> dict[str, Any]:
    """The fields of a row, from all of its events in the order of their timestamps."""
    return {
        "purchases": sum(1 for event in events if event["type"] == "thing-bought"),
        "views": sum(1 for event in events if event["type"] == "thing-viewed"),
    }
