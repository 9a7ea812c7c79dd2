"""How shades are named: as it was before dark ones came."""

from __future__ import annotations

from typing import Any


def named(event: dict[str, Any]) -> str:
    """The name of a thing's shade."""
    return {"light": "pale", "plain": "plain"}[event["thing"]["shade"]]
