"""Source lines with carets below them, as wide as a terminal shows them."""

from __future__ import annotations

from unicodedata import category, combining, east_asian_width

from cncb_compiler.source.lines import LineTable, Range

WINDOW = 100
"""The most columns of a source line that are shown."""

_LEAD = 20
"""The columns shown before the caret where a line is cut."""


def visible(text: str) -> str:
    """The text with tabs as spaces and unprintable characters as escapes: nothing can steer the terminal."""
    if text.isprintable():
        return text
    return "".join(_visible_char(char) for char in text)


def width(text: str) -> int:
    """The columns that printable text takes: wide characters take two, combining ones none."""
    return len(text) if text.isascii() else sum(_columns(char) for char in text)


def excerpt(lines: LineTable, place: Range) -> list[tuple[int, str, str]]:
    """Line number, text and carets of each source line to show.

    Of a range over more than two lines only the first is shown.
    """
    last = place.end_line
    if last > place.line and place.end_column == 1:
        last -= 1
    if last > place.line + 1:
        last = place.line
    shown = []
    for number in range(place.line, last + 1):
        text = lines.line(number)
        first = place.column - 1 if number == place.line else len(text) - len(text.lstrip())
        end = place.end_column - 1 if number == place.end_line else len(text.rstrip())
        shown.append((number, *_with_carets(text, min(first, len(text)), min(end, len(text)))))
    return shown


def _with_carets(text: str, first: int, end: int) -> tuple[str, str]:
    before, inside, after = visible(text[:first]), visible(text[first:end]), visible(text[max(first, end) :])
    if width(before + inside + after) > WINDOW:
        if width(before) + min(width(inside), WINDOW // 2) + 1 > WINDOW:
            before = "…" + _tail(before, _LEAD)
        room = WINDOW - width(before) - 1
        cut = _head(inside + after, room)
        if len(cut) < len(inside + after):
            inside, after = cut[: len(inside)], cut[len(inside) :] + "…"
    return (before + inside + after).rstrip(), " " * width(before) + "^" * max(1, width(inside))


def _head(text: str, columns: int) -> str:
    """The beginning of the text that fits into so many columns."""
    if text.isascii():
        return text[: max(0, columns)]
    taken = 0
    for number, char in enumerate(text):
        taken += _columns(char)
        if taken > columns:
            return text[:number]
    return text


def _tail(text: str, columns: int) -> str:
    return _head(text[::-1], columns)[::-1]


def _visible_char(char: str) -> str:
    if char == "\t":
        return " "
    # Joiners and variation selectors (Cf, Mn) shape the letters around them and are no danger, except the
    # controls of writing direction, which can make a line look like another.
    if char.isprintable() or (category(char) in ("Zs", "Cf") and not _turns(char)):
        return char
    return char.encode("unicode_escape").decode()


def _turns(char: str) -> bool:
    return "\u202a" <= char <= "\u202e" or "\u2066" <= char <= "\u2069" or char in "\u200e\u200f\u061c"


def _columns(char: str) -> int:
    if combining(char) or category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if east_asian_width(char) in ("W", "F") else 1
