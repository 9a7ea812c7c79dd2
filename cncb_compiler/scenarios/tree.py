"""What events caused, as a tree of events: read from the records of a scenario alone, so it costs nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from cncb_compiler.scenarios.world import StreamRecord


def tree_text(records: Sequence[StreamRecord], roots: Sequence[str]) -> str:
    """A line for each event under the one that caused it: its type, who published it, how much later it came."""
    events: dict[str, tuple[dict[str, Any], float]] = {}
    for record in records:
        event = _event(record)
        if event is not None:
            events.setdefault(event["id"], (event, record.arrived))
    caused: dict[str, list[str]] = {}
    for event_id, (event, _) in events.items():
        trigger = event["tags"].get("trigger") if isinstance(event.get("tags"), dict) else None
        if trigger != event_id and isinstance(trigger, str):
            caused.setdefault(trigger, []).append(event_id)
    lines: list[str] = []
    seen: set[str] = set()
    for root in roots:
        if root in events:
            lines += _lines(root, events, caused, seen, 0, events[root][1])
    return "\n".join(lines)


def _event(record: StreamRecord) -> dict[str, Any] | None:
    try:
        event = json.loads(record.data)
    except ValueError:
        return None
    return event if isinstance(event, dict) and isinstance(event.get("id"), str) else None


def _lines(
    event_id: str,
    events: dict[str, tuple[dict[str, Any], float]],
    caused: dict[str, list[str]],
    seen: set[str],
    depth: int,
    since: float,
) -> Iterator[str]:
    event, arrived = events[event_id]
    again = event_id in seen
    seen.add(event_id)
    given = event.get("tags")
    tags: dict[str, Any] = given if isinstance(given, dict) else {}
    by = ".".join(str(tags[part]) for part in ("service", "function") if part in tags) or str(tags.get("source", "?"))
    later = f"  +{round((arrived - since) * 1000)} ms" if depth else ""
    what = ""
    if event.get("type") == "fault":
        error = event.get("error", {})
        what = f"  {error.get('name')}: {error.get('message')}"
    yield f"{'  ' * depth}{event.get('type')}  {event_id}  by {by}{later}{what}{'  (above)' if again else ''}"
    if not again:
        for inner in caused.get(event_id, []):
            yield from _lines(inner, events, caused, seen, depth + 1, arrived)
