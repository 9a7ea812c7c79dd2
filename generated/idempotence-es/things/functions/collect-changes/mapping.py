"""The mappings of `collect-changes`."""

from typing import Any


def thing_created_correlation(event: dict[str, Any]) -> Any:
    """What thing-created is correlated by."""
    return event["thing"]["id"]


def thing_updated_correlation(event: dict[str, Any]) -> Any:
    """What thing-updated is correlated by."""
    return event["thing"]["id"]
