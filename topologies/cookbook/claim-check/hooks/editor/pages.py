"""Pages of any size."""

from __future__ import annotations

import random
from typing import Any


def filled(command: dict[str, Any]) -> str:
    """Text of so many letters, which no compression makes much shorter."""
    size = command["input"]["size"]
    return random.Random(size).randbytes(size // 2 + 1).hex()[:size]
