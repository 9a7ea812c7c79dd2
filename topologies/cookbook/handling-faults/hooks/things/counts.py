"""What a count must be."""

from __future__ import annotations

from typing import Any


def check(event: dict[str, Any]) -> None:
    """A count below zero is no count."""
    if event["thing"]["count"] < 0:
        raise ValueError(f"{event['thing']['count']} is no count")
