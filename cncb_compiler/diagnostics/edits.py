"""Edits of YAML texts: keys are put, added and removed where they stand; everything else stays as it is written."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cncb_compiler.source.outline import Place
from cncb_compiler.source.positions import PositionIndex

SECTIONS = frozenset(
    {"types", "events", "streams", "stores", "queues", "buses", "indexes", "processing", "idempotence", "capacity"}
)
"""Maps that nobody writes for their own sake: emptied, they are removed."""

Span = tuple[int, int, str]
"""Characters `[start, end)` of a text, and what is put there."""

_PLAIN_KEY = re.compile(r"[A-Za-z][\w-]*")


@dataclass(frozen=True, slots=True)
class _Step:
    """A value on the way to a place; `key` is None in a list."""

    name: str | int
    key: Place | None
    value: Place


def put(index: PositionIndex, path: tuple[str | int, ...], value: str) -> Span | None:
    """What makes `value` stand at a path in place of what is there; None where nothing is."""
    steps = _steps(index.root, path)
    if not path or len(steps) != len(path):
        return None
    last = steps[-1]
    if last.key is None:
        return last.value.start, last.value.end, value
    start = _behind_colon(index.text, last.key)
    return start, max(last.value.end, start), f" {value}"


def added(index: PositionIndex, path: tuple[str | int, ...], value: str) -> Span | None:
    """What adds a path, with a value, to the innermost map on the way; None where it is there, or there is no map."""
    steps = _steps(index.root, path)
    outer = steps[-1].value if steps else index.root
    missing = [str(segment) for segment in path[len(steps) :]]
    if not missing or outer is None or outer.kind != "map" or not all(map(_PLAIN_KEY.fullmatch, missing)):
        return None
    for name in reversed(missing[1:]):
        value = f"{{{name}: {value}}}"
    return _entry(index.text, outer, f"{missing[0]}: {value}")


def removed(index: PositionIndex, path: tuple[str | int, ...]) -> Span | None:
    """What takes the key at the end of a path out of its map, or the item out of its list."""
    steps = _steps(index.root, path)
    if not path or len(steps) != len(path):
        return None
    outer = steps[-2].value if len(steps) > 1 else index.root
    if outer is None:
        return None
    siblings = [(key, value) for key, value in outer.entries.values()] or [(item, item) for item in outer.items]
    number = next(at for at, (_, value) in enumerate(siblings) if value is steps[-1].value)
    if len(siblings) == 1:
        if len(steps) > 1 and (steps[-2].name in SECTIONS or outer.kind == "list"):
            return removed(index, path[:-1])
        return put(index, path[:-1], "{}") if len(path) > 1 and outer.kind == "map" else None
    if index.text[outer.start] in "{[":
        return _from_flow(siblings, number)
    return _from_block(index.text, siblings, number)


def _steps(place: Place | None, path: tuple[str | int, ...]) -> list[_Step]:
    """The values on the way along a path, as far as they are in the text."""
    found: list[_Step] = []
    for segment in path:
        key: Place | None = None
        if place is not None and place.kind == "map" and str(segment) in place.entries:
            key, place = place.entries[str(segment)]
        elif place is not None and place.kind == "list" and isinstance(segment, int) and segment < len(place.items):
            place = place.items[segment]
        else:
            break
        found.append(_Step(segment, key, place))
    return found


def _behind_colon(text: str, key: Place) -> int:
    return text.index(":", key.end) + 1


def _entry(text: str, outer: Place, entry: str) -> Span:
    entries = list(outer.entries.values())
    if text[outer.start] == "{":
        if not entries:
            return outer.start, outer.end, f"{{{entry}}}"
        at = max(entries[-1][0].end, entries[-1][1].end)
        return at, at, f", {entry}"
    indent = entries[0][0].start - (text.rfind("\n", 0, entries[0][0].start) + 1)
    end = text.find("\n", outer.end)
    at = len(text) if end < 0 else end - (text[end - 1] == "\r")
    line_break = "\r\n" if "\r\n" in text else "\n"
    return at, at, f"{line_break}{' ' * indent}{entry}"


def _from_flow(siblings: list[tuple[Place, Place]], number: int) -> Span:
    if number + 1 < len(siblings):
        return siblings[number][0].start, siblings[number + 1][0].start, ""
    before = siblings[number - 1]
    return max(before[0].end, before[1].end), max(siblings[number][0].end, siblings[number][1].end), ""


def _from_block(text: str, siblings: list[tuple[Place, Place]], number: int) -> Span:
    key, value = siblings[number]
    line = text.rfind("\n", 0, key.start) + 1
    if number == 0 and text[line : key.start].strip():
        return key.start, siblings[1][0].start, ""
    end = text.find("\n", max(key.end, value.end))
    return line, len(text) if end < 0 else end + 1, ""
