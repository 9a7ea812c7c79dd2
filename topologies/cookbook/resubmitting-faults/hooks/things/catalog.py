"""The catalogue, which knows what things cost."""

from __future__ import annotations

import json
import os
from typing import Any
from urllib.request import urlopen

TIMEOUT = 5.0
"""Seconds."""


def price(event: dict[str, Any]) -> int:
    """The price of a thing. A thing that the catalogue does not know is an error of the event."""
    with urlopen(f"{os.environ['CATALOG_URL']}/prices/{event['thing']['id']}", timeout=TIMEOUT) as answer:
        found: int = json.load(answer)["price"]
    return found
