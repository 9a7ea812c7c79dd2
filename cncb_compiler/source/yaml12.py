"""Load one YAML 1.2 file, fast where it is clean.

A clean file is built straight from libyaml's parse events, with no positions. At the first sign of trouble,
or of anything rare (an anchor, a tag, a merge key), the text is read again by `source.careful`, which knows
where everything stands and says what is wrong. So the many good files do not pay for the few bad ones.
"""

from __future__ import annotations

from typing import Any

from yaml.error import YAMLError
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.source.events import parser
from cncb_compiler.source.limits import MAX_BYTES, MAX_DEPTH
from cncb_compiler.source.scalars import NON_STRING_STARTS, fits_json, resolve


class _UncleanError(Exception):
    """Something that only the careful reading can judge."""


def load(text: str, file: str) -> tuple[Any, list[Diagnostic]]:
    """The value of a YAML file and what is wrong with it.

    Maps have only string keys. `file` is the name that the diagnostics carry. The value is what could be read
    (without the entries that were in error), None where the syntax is broken. Never raises.
    """
    try:
        if len(text) <= MAX_BYTES and "<<" not in text:
            return _build(text), []
    except (_UncleanError, YAMLError, UnicodeError, TypeError):
        pass
    from cncb_compiler.source.careful import read

    return read(text, file)


def _build(text: str) -> Any:
    """The value of a clean text; else `_UncleanError`, or TypeError for a collection as a key."""
    get_event = parser(text).get_event
    # Expressions use these characters too, so it takes a look at each event to know.
    marked = "&" in text or "!" in text
    outer: list[tuple[list[Any], bool]] = []
    items: list[Any] = []
    in_map = False
    while True:
        event = get_event()
        kind = event.__class__
        if kind is ScalarEvent:
            value = event.value
            if marked and (event.anchor or event.tag):
                raise _UncleanError
            if not event.style and (not value or value[0] in NON_STRING_STARTS):
                value = resolve(value)
                if value.__class__ is not str:
                    if (in_map and len(items) % 2 == 0) or not fits_json(value):
                        raise _UncleanError
                elif not fits_json(value):
                    raise _UncleanError
            items.append(value)
        elif kind is MappingEndEvent:
            keys = items[::2]
            mapping = dict(zip(keys, items[1::2], strict=True))
            if len(mapping) != len(keys):
                raise _UncleanError
            items, in_map = outer.pop()
            items.append(mapping)
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            outer.append((items, in_map))
            if len(outer) > MAX_DEPTH or (marked and (event.anchor or event.tag)):
                raise _UncleanError
            items = []
            in_map = kind is MappingStartEvent
        elif kind is SequenceEndEvent:
            sequence = items
            items, in_map = outer.pop()
            items.append(sequence)
        elif kind is DocumentEndEvent:
            if get_event().__class__ is not StreamEndEvent:
                raise _UncleanError
            return items[0]
        elif kind is AliasEvent or kind is StreamEndEvent:
            raise _UncleanError
