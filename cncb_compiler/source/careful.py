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

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Related
from cncb_compiler.rules.cncb002_duplicate_key import RULE as DUPLICATE_KEY
from cncb_compiler.rules.cncb003_non_string_key import RULE as NON_STRING_KEY
from cncb_compiler.rules.cncb005_bad_alias import RULE as BAD_ALIAS
from cncb_compiler.rules.cncb006_alias_expansion import RULE as ALIAS_EXPANSION
from cncb_compiler.rules.cncb007_merge_key import RULE as MERGE_KEY
from cncb_compiler.rules.cncb008_yaml_tag import RULE as YAML_TAG
from cncb_compiler.rules.cncb009_several_documents import RULE as SEVERAL_DOCUMENTS
from cncb_compiler.rules.cncb010_nested_too_deep import RULE as NESTED_TOO_DEEP
from cncb_compiler.rules.cncb011_file_too_large import RULE as FILE_TOO_LARGE
from cncb_compiler.rules.cncb012_number_out_of_range import RULE as NUMBER_OUT_OF_RANGE
from cncb_compiler.rules.cncb013_empty_file import RULE as EMPTY_FILE
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
        return None, [too_large(file)]
    reader = _Reader(text, file)
    try:
        reader.run()
    except _StopError:
        pass
    except (YAMLError, UnicodeError) as error:
        reader.broken = True
        reader.found.append(explain(error, text, file))
    return (None if reader.broken else reader.value), reader.found


def too_large(file: str) -> Diagnostic:
    """The finding that a file is over the limit."""
    return FILE_TOO_LARGE(
        Location(file),
        f"`{file}` is larger than {MAX_BYTES // 1024} KiB, the most that one file may hold.",
        mend="Give each service a file of its own, and split `types` and `events` over several files.",
    )


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
                    self.another_document(event)
            elif kind is StreamEndEvent:
                if not documents:
                    self.found.append(
                        EMPTY_FILE(
                            Location(self.file),
                            f"`{self.file}` declares nothing.",
                            mend="Remove it, or fill it.",
                        )
                    )
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
                self.found.append(
                    NUMBER_OUT_OF_RANGE(
                        self.place(event),
                        f"`{_short(event.value)}` is not a number that JSON can carry.",
                        mend="Put it in quotes if it is text; else use a finite number of at most 64 bits.",
                    )
                )
        self.size += 1
        anchor = self.anchor(event)
        if anchor is not None:
            anchor.value, anchor.size, anchor.complete = value, 1, True
        self.add(value, 0, event, written=event.value)

    def open(self, event: Any, is_map: bool) -> None:
        self.no_tag(event)
        in_key = False
        if self.frames:
            parent = self.frames[-1]
            in_key = parent.is_map and parent.at_key
            if in_key and not parent.in_key:
                self.bad_key(
                    event,
                    "A list" if not is_map else "A map",
                    "Write the key as one word or a quoted string.",
                )
            in_key = in_key or parent.in_key
        self.size += 1
        self.frames.append(_Frame({} if is_map else [], is_map, self.anchor(event), self.size - 1, in_key))
        if len(self.frames) > MAX_DEPTH:
            self.too_deep(event)

    def close(self) -> None:
        frame = self.frames.pop()
        if frame.anchor is not None:
            frame.anchor.value = frame.value
            frame.anchor.size = self.size - frame.size_before
            frame.anchor.height = frame.height
            frame.anchor.complete = True
        if self.frames and self.frames[-1].is_map and self.frames[-1].at_key:
            self.frames[-1].at_key, self.frames[-1].key = False, None
        else:
            self.put(frame.value, frame.height)

    def alias(self, event: AliasEvent) -> None:
        anchor = self.anchors.get(event.anchor or "")
        if anchor is None or not anchor.complete:
            self.add(None, 0, event, bad_alias=True)
            if anchor is None:
                message = (
                    f"`*{event.anchor}` repeats a value, but no value above is marked `&{event.anchor}`."
                )
                mend = (
                    f"Mark the value with `&{event.anchor}`, or put quotes around text that begins with `*`."
                )
                self.found.append(BAD_ALIAS(self.place(event), message, mend=mend))
            else:
                message = f"`*{event.anchor}` repeats a value inside itself, which has no end."
                related = (Related(anchor.at, f"`&{event.anchor}` is the value around it"),)
                self.found.append(
                    BAD_ALIAS(self.place(event), message, mend="Write out the inner value.", related=related)
                )
            return
        self.size += anchor.size
        self.expanded += anchor.size
        if self.expanded > MAX_EXPANSION:
            self.found.append(
                ALIAS_EXPANSION(
                    self.place(event),
                    f"With `*{event.anchor}` the file's aliases repeat more than {MAX_EXPANSION} values.",
                    mend="Use fewer aliases; a named type or a default says the same once.",
                    related=(Related(anchor.at, f"`&{event.anchor}` holds {anchor.size} values"),),
                )
            )
            self.stop()
        if len(self.frames) + anchor.height > MAX_DEPTH:
            self.too_deep(event)
        written = anchor.value if isinstance(anchor.value, str) else None
        self.add(anchor.value, anchor.height, event, written=written)

    def add(
        self, value: Any, height: int, event: Any, *, written: str | None = None, bad_alias: bool = False
    ) -> None:
        """Take a scalar or alias: as a key, where a key stands, else as a value."""
        if not self.frames or not self.frames[-1].is_map or not self.frames[-1].at_key:
            self.put(value, height)
            return
        frame = self.frames[-1]
        frame.at_key, frame.key = False, None
        if bad_alias or frame.in_key:
            return
        at = self.place(event)
        if not isinstance(value, str):
            name = "An empty key" if value is None and not written else f"The key `{_short(str(written))}`"
            quoted = f'"{_short(str(written))}"' if written else "a name"
            self.bad_key(event, name, f"Quote it: `{quoted}:`." if written else "Give the key a name.")
        elif value == "<<" and not getattr(event, "style", None):
            self.found.append(
                MERGE_KEY(
                    at,
                    "`<<` merges maps in YAML 1.1 only; in YAML 1.2 it is a key like any other.",
                    mend="Write the keys out, or repeat a whole value by an alias (`key: *name`).",
                )
            )
        elif value in frame.keys:
            self.found.append(
                DUPLICATE_KEY(
                    at,
                    f"`{_short(value)}` is already a key of this map.",
                    mend="Remove one of the two, or give it another name.",
                    related=(Related(frame.keys[value], f"`{_short(value)}` is first written here"),),
                )
            )
        else:
            frame.keys[value] = at
            frame.key = value

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
        if event.tag is None:
            return
        tag = event.tag.replace("tag:yaml.org,2002:", "!!")
        mend = "Leave it out; put quotes around text that begins with `!`."
        if tag == "!Ref" or tag == "!Condition":
            mend = f"Write the long form: `{{{tag[1:]}: ...}}`."
        elif tag[0] == "!" and tag[1:2].isupper():
            mend = f'Write the long form: `{{"Fn::{tag[1:]}": ...}}`.'
        self.found.append(
            YAML_TAG(self.place(event), f"`{_short(tag)}` is a tag; files of a system have none.", mend=mend)
        )

    def bad_key(self, event: Any, name: str, mend: str) -> None:
        self.found.append(
            NON_STRING_KEY(self.place(event), f"{name} is not a string; keys are strings.", mend=mend)
        )

    def another_document(self, event: Any) -> None:
        self.found.append(
            SEVERAL_DOCUMENTS(
                self.place(event),
                "Another YAML document begins here, and a file holds only one.",
                mend="One document a file; hold several services under `services:`.",
            )
        )
        raise _StopError

    def too_deep(self, event: Any) -> None:
        self.found.append(
            NESTED_TOO_DEEP(
                self.place(event),
                f"More than {MAX_DEPTH} maps and lists inside each other.",
                mend="Name an inner part under `types` and refer to it.",
            )
        )
        self.stop()

    def stop(self) -> None:
        self.broken = True
        raise _StopError


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."
