"""The mappings of `collect-histories`."""

from typing import Any


def thing_submitted_correlation(event: dict[str, Any]) -> Any:
    """What thing-submitted is correlated by."""
    return event["thing"]["id"]


def thing_updated_correlation(event: dict[str, Any]) -> Any:
    """What thing-updated is correlated by."""
    return event["thing"]["id"]
