"""The outline of a YAML text: which characters each key and value covers.

Made only for files that a diagnostic points into. A broken text has the outline of what stands before the
error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from yaml.error import YAMLError
from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from cncb_compiler.source.events import parser

_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)+")


@dataclass(slots=True)
class Place:
    """The characters `[start, end)` of a value, and what is inside it.

    `kind` is `map`, `list`, `scalar` or `alias`. `entries` holds the key and value of a map's first entry by
    each name, `items` the values of a list. `value` and `style` (empty, `'`, `"`, `|`, `>`) are those of a
    scalar.
    """

    kind: str
    start: int
    end: int
    value: str = ""
    style: str = ""
    entries: dict[str, tuple[Place, Place]] = field(default_factory=dict)
    items: list[Place] = field(default_factory=list)


def outline(text: str) -> tuple[Place | None, list[Place]]:
    """The outermost value of a YAML text (None if there is none), and all its scalars in order."""
    builder = _Builder(text)
    try:
        for kind, start, end, value, style in _events(text):
            builder.take(kind, start, end, value, style)
    except (YAMLError, UnicodeError):
        builder.close_all()
    return builder.root, builder.scalars


def _events(text: str) -> Iterator[tuple[str, int, int, str, str]]:
    shift = 1 if text.startswith("\ufeff") else 0
    get_event = parser(text).get_event
    while True:
        event = get_event()
        kind = event.__class__
        if kind is StreamEndEvent:
            return
        start, end = event.start_mark.index + shift, event.end_mark.index + shift
        if kind is ScalarEvent:
            yield "scalar", start, end, event.value, event.style or ""
        elif kind is AliasEvent:
            yield "alias", start, end, "", ""
        elif kind is MappingStartEvent:
            yield "map", start, end, "", ""
        elif kind is SequenceStartEvent:
            yield "list", start, end, "", ""
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            yield "end", start, end, "", ""


class _Builder:
    """Puts events together. A map's key waits in `keys` (one slot an open value) until its value comes."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.root: Place | None = None
        self.scalars: list[Place] = []
        self.open: list[Place] = []
        self.keys: list[Place | None] = []

    def take(self, kind: str, start: int, end: int, value: str, style: str) -> None:
        if kind == "end":
            self.close(end if end > start else None)
            return
        if kind == "scalar":
            start, end = self._bare(start, end, style)
        place = Place(kind, start, end, value, style)
        self._put(place)
        if kind == "scalar":
            self.scalars.append(place)
        elif kind != "alias":
            self.open.append(place)
            self.keys.append(None)

    def close(self, end: int | None) -> None:
        """End the innermost open value: at its bracket, or in block style after the last thing inside it."""
        place = self.open.pop()
        self.keys.pop()
        if end is not None:
            place.end = end
        if self.open:
            self.open[-1].end = max(self.open[-1].end, place.end)

    def close_all(self) -> None:
        while self.open:
            self.close(None)

    def _put(self, place: Place) -> None:
        if not self.open:
            if self.root is None:
                self.root = place
            return
        parent = self.open[-1]
        parent.end = max(parent.end, place.end)
        if parent.kind == "list":
            parent.items.append(place)
            return
        key = self.keys[-1]
        if key is None:
            self.keys[-1] = place
            return
        self.keys[-1] = None
        if key.kind == "scalar":
            parent.entries.setdefault(key.value, (key, place))

    def _bare(self, start: int, end: int, style: str) -> tuple[int, int]:
        """A scalar's characters without anchor, tag, and the blank lines after a block."""
        if self.text[start : start + 1] in ("&", "!"):
            properties = _PROPERTIES.match(self.text, start, end)
            start = properties.end() if properties else start
        if style in ("|", ">"):
            end = start + len(self.text[start:end].rstrip())
        return start, end
