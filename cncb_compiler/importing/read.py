"""Reading a foreign file: YAML or JSON, with anchors, merge keys and CloudFormation's tags, within bounds."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from yaml.error import YAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.importing.values import Items, Map, Notes
from cncb_compiler.rules.cncb006_alias_expansion import RULE as EXPANSION
from cncb_compiler.rules.cncb010_nested_too_deep import RULE as TOO_DEEP
from cncb_compiler.rules.cncb011_file_too_large import RULE as TOO_LARGE
from cncb_compiler.rules.cncb013_empty_file import RULE as EMPTY
from cncb_compiler.source import findings
from cncb_compiler.source.events import parser
from cncb_compiler.source.location import Location
from cncb_compiler.source.scalars import fits_json, resolve
from cncb_compiler.source.syntax import explain

MAX_BYTES = 4 * 1024 * 1024
"""Characters of one file; a CloudFormation template has at most 1 MB (AWS CloudFormation: quotas)."""

MAX_DEPTH = 100
MAX_EXPANSION = 100_000

_LONG_FORMS = {"Ref": "Ref", "Condition": "Condition"}


class UnreadableError(Exception):
    """A file that cannot be read as a whole; carries the finding that says why."""

    def __init__(self, found: Diagnostic) -> None:
        super().__init__(found.message)
        self.found = found


class UnfitError(Exception):
    """A file that can be read, and is not what it should be; the message says where and why."""


def load(text: str, file: str, notes: Notes) -> Any:
    """The value of a file: `Map`, `Items` or a scalar. Raises UnreadableError.

    `!Ref X` is `{Ref: X}`, `!Sub X` is `{Fn::Sub: X}`, and so on. Of several documents only the first is read.
    """
    if len(text) > MAX_BYTES:
        message = f"`{file}` is larger than {MAX_BYTES // 1024 // 1024} MiB."
        raise UnreadableError(TOO_LARGE(Location(file), message, mend="Import its parts one by one."))
    reader = _Reader(text, file, notes)
    try:
        return reader.run()
    except (YAMLError, UnicodeError) as error:
        try:
            return _placed(json.loads(text), file)
        except (ValueError, RecursionError):
            raise UnreadableError(explain(error, text, file)) from None


def _placed(value: Any, file: str) -> Any:
    """A JSON value that YAML would not take (an escaped surrogate pair), without its lines."""
    if isinstance(value, dict):
        made = Map(file, 1)
        for key, inner in value.items():
            made[key] = _placed(inner, file)
        return made
    if isinstance(value, list):
        items = Items(file, 1)
        items.extend(_placed(inner, file) for inner in value)
        return items
    return value


class _Reader:
    def __init__(self, text: str, file: str, notes: Notes) -> None:
        self.text = text
        self.file = file
        self.notes = notes
        self.get_event: Callable[[], Any] = parser(text).get_event
        self.anchors: dict[str, tuple[Any, int, bool]] = {}
        self.size = 0
        self.expanded = 0

    def run(self) -> Any:
        while True:
            event = self.get_event()
            if isinstance(event, StreamEndEvent):
                raise UnreadableError(EMPTY(Location(self.file), f"`{self.file}` is empty."))
            if isinstance(event, DocumentStartEvent):
                break
        value = self.value(self.get_event(), 0)
        self.get_event()
        following = self.get_event()
        if not isinstance(following, StreamEndEvent):
            self.notes.add(_at(self.file, following), None, "another YAML document begins here, and is not read.")
        return value

    def value(self, event: Any, depth: int) -> Any:
        if depth > MAX_DEPTH:
            message = f"More than {MAX_DEPTH} maps and lists inside each other."
            raise UnreadableError(TOO_DEEP(self.place(event), message))
        if isinstance(event, AliasEvent):
            return self.alias(event)
        self.size += 1
        before = self.size
        anchor = event.anchor
        if anchor:
            self.anchors[anchor] = (None, 0, False)
        made: Any
        if isinstance(event, ScalarEvent):
            made = self.scalar(event)
        elif isinstance(event, MappingStartEvent):
            made = self.map(event, depth)
        else:
            made = self.items(event, depth)
        if anchor:
            self.anchors[anchor] = (made, self.size - before + 1, True)
        return self.tagged(event, made)

    def scalar(self, event: ScalarEvent) -> Any:
        if event.style or event.tag:
            return event.value
        value = resolve(event.value)
        return value if fits_json(value) else event.value

    def map(self, event: Any, depth: int) -> Map:
        made = Map(self.file, event.start_mark.line + 1)
        merged: list[Any] = []
        while True:
            key_event = self.get_event()
            if isinstance(key_event, MappingEndEvent):
                break
            key = self.value(key_event, depth + 1)
            line = key_event.start_mark.line + 1
            value = self.value(self.get_event(), depth + 1)
            if key == "<<" and isinstance(key_event, ScalarEvent) and not key_event.style:
                merged += value if isinstance(value, Items) else [value]
            elif isinstance(key, (Map, Items)):
                self.notes.add(_at(self.file, key_event), None, "a map or list stands as a key here, and is left out.")
            else:
                name = key if isinstance(key, str) else json.dumps(key)
                if name in made:
                    self.notes.add(_at(self.file, key_event), None, f"`{name}` stands here again; the last one counts.")
                made[name] = value
                made.lines[name] = line
        for other in merged:
            for name, value in other.items() if isinstance(other, Map) else ():
                if name not in made:
                    made[name] = value
                    made.lines[name] = other.lines.get(name, other.line)
        return made

    def items(self, event: Any, depth: int) -> Items:
        made = Items(self.file, event.start_mark.line + 1)
        while True:
            item = self.get_event()
            if isinstance(item, SequenceEndEvent):
                return made
            made.append(self.value(item, depth + 1))
            made.lines.append(item.start_mark.line + 1)

    def alias(self, event: AliasEvent) -> Any:
        name = event.anchor or ""
        if name not in self.anchors:
            raise UnreadableError(findings.unknown_alias(self.place(event), name))
        value, size, complete = self.anchors[name]
        if not complete:
            raise UnreadableError(findings.recursive_alias(self.place(event), name, self.place(event)))
        self.size += size
        self.expanded += size
        if self.expanded > MAX_EXPANSION:
            message = f"The aliases of this file repeat more than {MAX_EXPANSION} values."
            raise UnreadableError(EXPANSION(self.place(event), message))
        return value

    def tagged(self, event: Any, value: Any) -> Any:
        tag = event.tag
        if not tag or tag.startswith("tag:yaml.org,2002:") or tag == "!":
            return value
        name = tag.removeprefix("!")
        if not name.isalnum() or not name[0].isupper():
            self.notes.add(
                _at(self.file, event), None, f"the tag `{findings.short(tag)}` is not known; its value is taken."
            )
            return value
        if name == "GetAtt" and isinstance(value, str):
            resource, _, attribute = value.partition(".")
            items = Items(self.file, event.start_mark.line + 1)
            items += [resource, attribute]
            value = items
        made = Map(self.file, event.start_mark.line + 1)
        made[_LONG_FORMS.get(name, f"Fn::{name}")] = value
        return made

    def place(self, event: Any) -> Location:
        start = event.start_mark.index
        return Location(self.file, span=(start, max(event.end_mark.index, start + 1)))


def _at(file: str, event: Any) -> Map:
    return Map(file, event.start_mark.line + 1)
