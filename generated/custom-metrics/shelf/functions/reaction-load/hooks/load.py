"""What the shelf does with each thing."""

from __future__ import annotations

from typing import Any

from cncb_runtime import metrics

LIMIT = 5000
"""In grams."""


def put(event: dict[str, Any]) -> None:
    """Count what is put on the shelf. Raises ValueError for a thing that is too heavy for it."""
    grams = event["thing"]["grams"]
    if grams > LIMIT:
        raise ValueError(f"{grams} g are too heavy")
    metrics.add("thingsPut")
    metrics.add("gramsPut", grams, "None")
