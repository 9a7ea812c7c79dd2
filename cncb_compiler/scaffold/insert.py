"""Add an entry to a map or list of a YAML file, and leave every other character of it as it is."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from textwrap import indent
from typing import Any

from cncb_compiler.fmt.layout import format_text
from cncb_compiler.scaffold.change import ScaffoldError
from cncb_compiler.source.outline import Place, outline
from cncb_compiler.source.scalars import resolve
from cncb_compiler.source.yaml12 import load

_plain = re.compile(r"[A-Za-z_][A-Za-z0-9_.()?/-]*(?: [A-Za-z0-9_.()?/-]+)*").fullmatch
_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)*")


def inserted(text: str, file: str, path: Sequence[str], entry: str) -> str:
    """`text` with `entry` added to the collection at `path`, which is made where it is missing.

    `entry` is block style without indentation: `name:` with what is inside it, or `- ` of a list. A file in canonical
    layout stays in it. Raises ScaffoldError where the file is laid out in a way that cannot be added to.
    """
    result = _added(text, path, entry)
    value, found = load(result, file)
    if found or value != _expected(load(text, file)[0], path, load(entry, file)[0]):
        shown = "\n".join(f"  {line}" for line in entry.splitlines())
        raise ScaffoldError(f"`{file}` cannot be added to. Put this under `{'.'.join(path)}` yourself:\n{shown}")
    return format_text(result, file)[0] if format_text(text, file)[0] == text else result


def flow(value: Any) -> str:
    """A JSON value in flow style, on one line, quoted only where it has to be."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{flow(str(key))}: {flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, str) and _plain(value) and isinstance(resolve(value), str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _added(text: str, path: Sequence[str], entry: str) -> str:
    place, key = outline(text)[0], None
    for number, segment in enumerate(path):
        if place is not None and place.kind == "map" and segment in place.entries:
            key, place = place.entries[segment]
            continue
        for missing in reversed(path[number:]):
            entry = f"{missing}:\n{indent(entry, '  ')}"
        break
    if place is None:
        return f"{text.rstrip()}\n{entry}".lstrip("\n")
    start = _PROPERTIES.match(text, place.start)
    opened = text[start.end() : start.end() + 1] if start else ""
    if place.kind in ("map", "list") and opened in ("{", "["):
        return _into_flow(text, place, entry)
    column = _column(text, place, key)
    return _after_line(text, place.end, indent(entry, " " * column))


def _into_flow(text: str, place: Place, entry: str) -> str:
    dumped = flow(load(entry, "")[0])[1:-1]
    before = text[: place.end - 1].rstrip()
    comma = "" if before.endswith(("{", "[")) else " " if before.endswith(",") else ", "
    return before + comma + dumped + text[place.end - 1 :]


def _column(text: str, place: Place, key: Place | None) -> int:
    """Where the entries of a collection begin; of one that is empty so far, two further in than its key."""
    if place.kind == "map" and place.entries:
        return _column_of(text, next(iter(place.entries.values()))[0].start)
    if place.kind == "list" and place.items:
        return _column_of(text, text.rfind("-", 0, place.items[0].start))
    return _column_of(text, key.start) + 2 if key is not None else 0


def _column_of(text: str, offset: int) -> int:
    return offset - (text.rfind("\n", 0, offset) + 1)


def _after_line(text: str, end: int, entry: str) -> str:
    """`entry` on the lines after the one on which `end` stands, comments at its end included."""
    ending = "\r\n" if "\r\n" in text else "\n"
    stop = text.find("\n", end)
    before, after = (text[: stop + 1], text[stop + 1 :]) if stop >= 0 else (text + ending, "")
    return before + entry.replace("\n", ending) + after


def _expected(value: Any, path: Sequence[str], entry: Any) -> Any:
    """The value that the file should have afterwards; None where something else stands in the way."""
    if value is None:
        value = {} if path or isinstance(entry, dict) else []
    if not path:
        if isinstance(value, list) and isinstance(entry, list):
            return [*value, *entry]
        return {**value, **entry} if isinstance(value, dict) and isinstance(entry, dict) else None
    if not isinstance(value, dict):
        return None
    return {**value, path[0]: _expected(value.get(path[0]), path[1:], entry)}
