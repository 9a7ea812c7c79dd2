"""Where each character of a scalar's value stands in the text: past quotes, escapes and folded lines."""

from __future__ import annotations

import re

from cncb_compiler.source.outline import Place

_ESCAPE = re.compile(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|\r\n[ \t]*|[\r\n][ \t]*|.)", re.DOTALL)
_FOLD = re.compile(r"[ \t]*(?:\r\n|\r|\n)[ \t\r\n]*")
_BREAK = re.compile(r"\r\n|\r|\n")


def narrow(text: str, place: Place, start: int, end: int) -> tuple[int, int]:
    """The characters of `text` that hold `[start, end)` of a scalar's value; all of it where unclear."""
    offsets = _block(text, place) if place.style in ("|", ">") else _flow(text, place)
    if len(offsets) != len(place.value) + 1 or not 0 <= start <= end < len(offsets):
        return place.start, place.end
    if start == end:
        return offsets[start], min(offsets[start] + 1, max(place.end, offsets[start]))
    return offsets[start], offsets[end - 1] + _width(text, place, offsets[end - 1])


def _flow(text: str, place: Place) -> list[int]:
    """The offset of each character of a plain or quoted scalar, and of its end."""
    quoted = 1 if place.style else 0
    at, end = place.start + quoted, place.end - quoted
    offsets: list[int] = []
    while at < end:
        fold = _FOLD.match(text, at, end)
        if fold:
            # One line break is folded into a space; of more, all but the first are kept.
            breaks = len(_BREAK.findall(fold.group()))
            offsets += [at] * max(1, breaks - 1)
            at = fold.end()
            continue
        width = _width(text, place, at)
        if not (place.style == '"' and text[at] == "\\" and text[at + 1 : at + 2] in ("\r", "\n")):
            offsets.append(at)
        at += width
    return [*offsets, end]


def _width(text: str, place: Place, at: int) -> int:
    """How many characters of the text stand for the one at `at`."""
    if place.style == "'" and text.startswith("''", at):
        return 2
    if place.style == '"' and text[at] == "\\":
        escape = _ESCAPE.match(text, at, place.end)
        return len(escape.group()) if escape else 1
    return 1


def _block(text: str, place: Place) -> list[int]:
    """The offset of each character of a literal block (`|`), and of its end; nothing for a folded one."""
    header = _BREAK.search(text, place.start, place.end)
    lines = place.value.split("\n")
    offsets: list[int] = []
    at = header.end() if header else place.end
    for number, line in enumerate(lines):
        stop = _BREAK.search(text, at)
        line_end = stop.start() if stop else len(text)
        if not text[at:line_end].endswith(line):
            return []
        offsets += range(line_end - len(line), line_end + (1 if number < len(lines) - 1 else 0))
        at = stop.end() if stop else len(text)
    return [*offsets, place.end]
