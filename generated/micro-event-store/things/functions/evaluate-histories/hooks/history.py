"""What the kept events of one thing say together."""

from __future__ import annotations

from typing import Any


def names(events: list[dict[str, Any]]) -> dict[str, Any]:
    """All the names that a thing has had, oldest first."""
    return {"names": [event["thing"]["name"] for event in events]}
