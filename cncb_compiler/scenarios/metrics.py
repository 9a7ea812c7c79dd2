"""The metrics of a run: what its functions printed for CloudWatch, added up by function."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

OF_EVENTS = ("events", "published")
"""Metrics that are told by event type."""


def metrics_of(lines: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The sum of each metric by function (`SERVICE.FUNCTION`), of lines in the embedded metric format among others.

    Metrics of events are maps by event type: `{"handled": 3, "events": {"order-submitted": 3}}`.
    """
    found: dict[str, dict[str, Any]] = {}
    for line in lines:
        for root, names in _told(line):
            sums = found.setdefault(f"{root.get('service')}.{root.get('function')}", {})
            for name in names:
                if name in OF_EVENTS:
                    by_type = sums.setdefault(name, {})
                    by_type[root["type"]] = by_type.get(root["type"], 0) + root[name]
                else:
                    sums[name] = sums.get(name, 0) + root[name]
    return found


def _told(line: str) -> Iterable[tuple[dict[str, Any], list[str]]]:
    if '"_aws"' not in line:
        return
    try:
        root = json.loads(line)
    except ValueError:
        return
    if isinstance(root, dict) and isinstance(root.get("_aws"), dict):
        for directive in root["_aws"]["CloudWatchMetrics"]:
            yield root, [metric["Name"] for metric in directive["Metrics"]]
