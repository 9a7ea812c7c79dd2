"""How shades are named."""

from __future__ import annotations

from typing import Any


def named(event: dict[str, Any]) -> str:
    """The name of a thing's shade."""
    return {"light": "pale", "plain": "plain", "dark": "deep"}[event["thing"]["shade"]]
