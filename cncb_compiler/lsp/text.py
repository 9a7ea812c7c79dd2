"""Places of texts as the protocol counts them: lines from 0, and characters in the units of the client's choice."""

from __future__ import annotations

from typing import NamedTuple

from cncb_compiler.source.lines import LineTable

ENCODINGS = {"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}
"""How each encoding of positions is called in Python."""

_WIDTH = {"utf-8": 1, "utf-16": 2, "utf-32": 4}


class Point(NamedTuple):
    """A line and a character, both from 0; the characters are the code units of an encoding."""

    line: int
    character: int


def point(lines: LineTable, offset: int, encoding: str = "utf-16") -> Point:
    """Where a character of the text stands."""
    line, column = lines.place(offset)
    return Point(line - 1, _units(lines.line(line)[: column - 1], encoding))


def offset(lines: LineTable, at: Point, encoding: str = "utf-16") -> int:
    """The character that stands at a point; past a line's end, the end of the line."""
    if at.line >= len(lines):
        return len(lines.text)
    text, count, units = lines.line(at.line + 1), 0, 0
    if text.isascii():
        return lines.start(at.line + 1) + min(at.character, len(text))
    while count < len(text) and units < at.character:
        units += _units(text[count], encoding)
        count += 1
    return lines.start(at.line + 1) + count


def differing(before: str, after: str) -> tuple[int, int]:
    """How many characters at the start and at the end two texts have in common, in whole lines."""
    ours, theirs = before.splitlines(keepends=True), after.splitlines(keepends=True)
    start = _common(ours, theirs)
    return _length(ours[:start]), _length(ours[len(ours) - _common(ours[start:][::-1], theirs[start:][::-1]) :])


def _common(ours: list[str], theirs: list[str]) -> int:
    pairs = zip(ours, theirs, strict=False)
    return next((number for number, (one, other) in enumerate(pairs) if one != other), min(len(ours), len(theirs)))


def _length(lines: list[str]) -> int:
    return sum(map(len, lines))


def _units(text: str, encoding: str) -> int:
    return len(text) if text.isascii() else len(text.encode(ENCODINGS[encoding], "surrogatepass")) // _WIDTH[encoding]
