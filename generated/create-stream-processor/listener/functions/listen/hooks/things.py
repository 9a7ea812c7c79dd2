"""What is done with each event that was asked for."""

from __future__ import annotations

import logging
from typing import Any

log = logging.getLogger(__name__)


def listen(event: dict[str, Any]) -> None:
    """Note that a thing was created."""
    log.info("created: %s", event["thing"]["name"])
