"""Read one YAML file slowly: everything that is wrong with it, each with its place.

Takes over from `source.yaml12` where a file is not plainly clean. Also follows aliases, within bounds. The
value leaves out what is in error, so that later passes can say what else is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from yaml.error import YAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.source import findings
from cncb_compiler.source.events import parser
from cncb_compiler.source.limits import MAX_BYTES, MAX_DEPTH, MAX_EXPANSION
from cncb_compiler.source.location import Location
from cncb_compiler.source.scalars import fits_json, resolve
from cncb_compiler.source.syntax import explain


@dataclass
class _Anchor:
    """A value that aliases may repeat. `size` and `height` are known once it is `complete`."""

    at: Location
    value: Any = None
    size: int = 0
    height: int = 0
    complete: bool = False


@dataclass
class _Frame:
    """A map or list that is being read. `in_key`: all of it stands where a key should, and is left out."""

    value: Any
    is_map: bool
    anchor: _Anchor | None
    size_before: int
    in_key: bool = False
    height: int = 1
    at_key: bool = True
    key: str | None = None
    keys: dict[str, Location] = field(default_factory=dict)


class _StopError(Exception):
    """Reading on would say nothing more."""


def read(text: str, file: str) -> tuple[Any, list[Diagnostic]]:
    """The value of a YAML file (None where it could not be read) and all that is wrong with it."""
    if len(text) > MAX_BYTES:
        return None, [findings.too_large(file)]
    reader = _Reader(text, file)
    try:
        reader.run()
    except _StopError:
        pass
    except (YAMLError, UnicodeError) as error:
        reader.broken = True
        reader.found.append(explain(error, text, file))
    return (None if reader.broken else reader.value), reader.found


class _Reader:
    """The state of one reading: the open maps and lists, the anchors, and what was found."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        # libyaml does not count a byte order mark.
        self.shift = 1 if text.startswith("\ufeff") else 0
        self.value: Any = None
        self.broken = False
        self.found: list[Diagnostic] = []
        self.frames: list[_Frame] = []
        self.anchors: dict[str, _Anchor] = {}
        self.size = 0
        self.expanded = 0

    def run(self) -> None:
        get_event = parser(self.text).get_event
        documents = 0
        while True:
            event = get_event()
            kind = event.__class__
            if kind is ScalarEvent:
                self.scalar(event)
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                self.open(event, kind is MappingStartEvent)
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                self.close()
            elif kind is AliasEvent:
                self.alias(event)
            elif kind is DocumentStartEvent:
                documents += 1
                if documents > 1:
                    self.found.append(findings.another_document(self.place(event)))
                    return
            elif kind is StreamEndEvent:
                if not documents:
                    self.found.append(findings.empty(self.file))
                return

    def place(self, event: Any) -> Location:
        """The characters of the file that an event covers; at a collection's start, its first character."""
        start = min(event.start_mark.index + self.shift, len(self.text))
        end = event.end_mark.index + self.shift
        return Location(self.file, span=(start, min(max(end, start + 1), len(self.text))))

    def scalar(self, event: ScalarEvent) -> None:
        self.no_tag(event)
        value: Any = event.value
        if not event.style and event.tag is None:
            value = resolve(event.value)
            if not fits_json(value):
                self.found.append(findings.out_of_range(self.place(event), event.value))
        self.size += 1
        anchor = self.anchor(event)
        if anchor is not None:
            anchor.value, anchor.size, anchor.complete = value, 1, True
        if value == "<<" and not event.style and self.at_key():
            self.found.append(findings.merge_key(self.place(event)))
            self.no_key()
        else:
            self.add(value, 0, event, written=event.value)

    def open(self, event: Any, is_map: bool) -> None:
        self.no_tag(event)
        value: Any = {} if is_map else []
        in_key = bool(self.frames) and self.frames[-1].in_key
        if self.at_key() and not in_key:
            self.found.append(findings.non_string_key(self.place(event), value, None))
            in_key = True
        self.size += 1
        self.frames.append(_Frame(value, is_map, self.anchor(event), self.size - 1, in_key))
        if len(self.frames) > MAX_DEPTH:
            self.stop(findings.too_deep(self.place(event)))

    def close(self) -> None:
        frame = self.frames.pop()
        if frame.anchor is not None:
            frame.anchor.value = frame.value
            frame.anchor.size = self.size - frame.size_before
            frame.anchor.height = frame.height
            frame.anchor.complete = True
        if self.at_key():
            self.no_key()
        else:
            self.put(frame.value, frame.height)

    def alias(self, event: AliasEvent) -> None:
        name, at = event.anchor or "", self.place(event)
        anchor = self.anchors.get(name)
        if anchor is None or not anchor.complete:
            self.found.append(
                findings.recursive_alias(at, name, anchor.at) if anchor else findings.unknown_alias(at, name)
            )
            if self.at_key():
                self.no_key()
            else:
                self.put(None, 0)
            return
        self.size += anchor.size
        self.expanded += anchor.size
        if self.expanded > MAX_EXPANSION:
            self.stop(findings.too_much_repeated(at, name, anchor.at, anchor.size))
        if len(self.frames) + anchor.height > MAX_DEPTH:
            self.stop(findings.too_deep(at))
        self.add(anchor.value, anchor.height, event, written=None)

    def add(self, value: Any, height: int, event: Any, *, written: str | None) -> None:
        """Take a scalar or alias: as a key, where a key stands, else as a value."""
        if not self.at_key():
            self.put(value, height)
            return
        frame = self.frames[-1]
        self.no_key()
        if frame.in_key:
            return
        at = self.place(event)
        if not isinstance(value, str):
            self.found.append(findings.non_string_key(at, value, written))
        elif value in frame.keys:
            self.found.append(findings.duplicate_key(at, value, frame.keys[value]))
        else:
            frame.keys[value] = at
            frame.key = value

    def at_key(self) -> bool:
        """Whether what comes now is the key of a map."""
        return bool(self.frames) and self.frames[-1].is_map and self.frames[-1].at_key

    def no_key(self) -> None:
        """Take the key as read; unless one is set, the value that follows is left out."""
        self.frames[-1].at_key, self.frames[-1].key = False, None

    def put(self, value: Any, height: int) -> None:
        """Take a complete value into the map or list around it."""
        if not self.frames:
            self.value = value
            return
        frame = self.frames[-1]
        frame.height = max(frame.height, height + 1)
        if not frame.is_map:
            frame.value.append(value)
            return
        frame.at_key = True
        if frame.key is not None:
            frame.value[frame.key] = value

    def anchor(self, event: NodeEvent) -> _Anchor | None:
        """Remember a value that is marked with `&name`."""
        if event.anchor is None:
            return None
        anchor = _Anchor(self.place(event))
        self.anchors[event.anchor] = anchor
        return anchor

    def no_tag(self, event: Any) -> None:
        if event.tag is not None:
            at, value = self.place(event), getattr(event, "value", "")
            start, end = at.span or (0, 0)
            text = self.text[start:end]
            plain = event.__class__ is ScalarEvent and text.startswith("!") and "\n" not in text
            self.found.append(findings.tagged(at, event.tag, text.rstrip() if plain else None, value))

    def stop(self, last: Diagnostic) -> None:
        """Give up the file, with a last finding."""
        self.found.append(last)
        self.broken = True
        raise _StopError
