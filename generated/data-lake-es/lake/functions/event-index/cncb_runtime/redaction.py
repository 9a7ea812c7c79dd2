"""Keeping sensitive values out of fault events, their error messages and the log.

The compiler knows which fields hold what is personal or secret: because their type says so, or because they are
filled from one that does. It names them by path, as `order.email`, `lines[].price` (each item) or `labels.*` (each
value).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

REDACTED = "[redacted]"
CHANGE = "change"
"""The name of a table's changes among event types."""
_SHORTEST = 3


class Redaction(NamedTuple):
    """The sensitive fields that a function may come to see: paths by event type, of changes by CHANGE."""

    paths: Mapping[str, tuple[str, ...]]

    def concerns(self, event: Any) -> bool:
        """Whether there may be sensitive values: also in what could not be decoded."""
        return event is None or bool(self._paths_of(event))

    def event(self, event: Any) -> Any:
        """The event without its sensitive values."""
        for path in self._paths_of(event):
            event = _without(event, _parts(path), [])
        return event

    def text(self, text: str, event: Any) -> str:
        """A text without the sensitive values of the event, nor words of them, however they are written."""
        values: list[Any] = []
        for path in self._paths_of(event):
            _without(event, _parts(path), values)
        words = {word for value in values for word in _words(value)}
        if not words:
            return text
        longest_first = sorted(words, key=lambda word: (-len(word), word))
        return re.sub("|".join(map(_pattern, longest_first)), REDACTED, text, flags=re.IGNORECASE)

    def _paths_of(self, event: Any) -> tuple[str, ...]:
        return self.paths.get(event.get("type", CHANGE), ()) if isinstance(event, dict) else ()


def _parts(path: str) -> list[str]:
    return path.replace("[]", ".[]").split(".")


def _without(value: Any, parts: list[str], found: list[Any]) -> Any:
    """The value without what is at a path; that is added to `found`."""
    if value is None:
        return None
    if parts:
        head, rest = parts[0], parts[1:]
        if head == "[]" and isinstance(value, list):
            return [_without(item, rest, found) for item in value]
        if head == "*" and isinstance(value, dict):
            return {name: _without(inner, rest, found) for name, inner in value.items()}
        if isinstance(value, dict):
            return {**value, head: _without(value[head], rest, found)} if head in value else value
    # Also what has not the shape that it should have: nobody knows what it holds.
    found.append(value)
    return REDACTED


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _words(name)
            yield from _words(inner)
    elif isinstance(value, list):
        for item in value:
            yield from _words(item)
    elif value is not None and not isinstance(value, bool):
        text = str(value)
        yield from (word for word in (text, *re.findall(r"\w+", text)) if word.strip() and word != REDACTED)


def _pattern(word: str) -> str:
    """A short word is one only by itself: otherwise every second word would hold it."""
    escaped = re.escape(word)
    return escaped if len(word) >= _SHORTEST else rf"(?<!\w){escaped}(?!\w)"
