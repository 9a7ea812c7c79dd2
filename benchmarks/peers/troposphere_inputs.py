"""The list of services for troposphere, whose language is Python: what a program of it would be told."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.generate import CHAIN, upstream


def write(path: Path, services: int) -> None:
    """Write to `path`, for each service, its number, that of the service it listens to, and its chain's."""
    numbers = range(services)
    listed = [(f"{at:04}", f"{upstream(at, services):04}", f"{at // CHAIN:03}") for at in numbers]
    path.write_text(json.dumps(listed), encoding="utf-8")
