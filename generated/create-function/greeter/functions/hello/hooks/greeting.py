"""A function of the team's own."""

from __future__ import annotations

import logging
import os
from typing import Any

log = logging.getLogger(__name__)


def hello(event: dict[str, Any], context: Any) -> str:
    """Log what the function is called with, and greet."""
    log.info("event: %s", event)
    log.info("context: %s", context)
    return os.environ["GREETING"]
