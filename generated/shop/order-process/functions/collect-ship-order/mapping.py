"""The mappings of `collect-ship-order`."""

from typing import Any


def parcel_packed_correlation(event: dict[str, Any]) -> Any:
    """What parcel-packed is correlated by."""
    return event["context"]["order"]["id"]


def payment_taken_correlation(event: dict[str, Any]) -> Any:
    """What payment-taken is correlated by."""
    return event["context"]["order"]["id"]
