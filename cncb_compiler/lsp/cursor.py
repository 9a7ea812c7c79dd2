"""Where a cursor stands in a text that is being written, and so is seldom whole."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cncb_compiler.lsp.names import Path
from cncb_compiler.lsp.symbols import service_of
from cncb_compiler.source.outline import Place, outline

_ALONE = re.compile(r"[ \t]*(?:- +)*[\w-]*")
_MARK = "\ue000"
"""A character that nobody writes: put in at the cursor, it shows where that is."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """The map or value that a cursor is in.

    `path` leads to the map whose key is being written (`on_key`), or to the value. `before` and `after` are what stands
    of the key or value on both sides of the cursor. `keys` are those that the map has already. `service` is the one
    that the file declares.
    """

    path: Path
    on_key: bool
    before: str
    after: str
    keys: tuple[str, ...]
    service: str | None


def cursors(text: str, offset: int) -> list[Cursor]:
    """What a cursor may be at: a value, a key, or at the start of a line either."""
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    ends = not text[offset:].partition("\n")[0].strip()
    found = [_found(text[:offset] + _MARK + text[offset:])]
    if ends and _ALONE.fullmatch(line):
        found.append(_found(text[:offset] + _MARK + ": " + text[offset:]))
    return list(dict.fromkeys(one for one in found if one is not None))


def _found(text: str) -> Cursor | None:
    root, _ = outline(text)
    return _search(root, (), service_of(root)) if root else None


def _search(place: Place, path: Path, service: str | None) -> Cursor | None:
    if place.kind == "scalar":
        before, mark, after = place.value.partition(_MARK)
        return Cursor(path, False, before, after, (), service) if mark else None
    for number, item in enumerate(place.items):
        found = _search(item, (*path, number), service)
        if found:
            return found
    for name, (_, value) in place.entries.items():
        before, mark, after = name.partition(_MARK)
        if mark:
            keys = tuple(key for key in place.entries if _MARK not in key)
            return Cursor(path, True, before, after, keys, service)
        found = _search(value, (*path, name), service)
        if found:
            return found
    return None
