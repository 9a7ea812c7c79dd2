"""Whether the shelf stands straight."""

from __future__ import annotations

from typing import Any

from cncb_runtime import metrics


def run(event: dict[str, Any], context: object) -> bool:
    """Say so of an angle in degrees."""
    metrics.add("tilt", abs(event["degrees"]), "None")
    return abs(event["degrees"]) < 1
