"""The mappings of `collect-monthly`."""

from typing import Any


def thing_bought_correlation(event: dict[str, Any]) -> Any:
    """What thing-bought is correlated by."""
    return event["user"]["id"]


def thing_viewed_correlation(event: dict[str, Any]) -> Any:
    """What thing-viewed is correlated by."""
    return event["user"]["id"]
