"""Character offsets as lines and columns."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

_BREAK = re.compile(r"\r\n|\r|\n")


class Range(NamedTuple):
    """Where something stands, for people and editors: 1-based, in characters, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


FILE_START = Range(1, 1, 1, 1)
"""The place of what has no better one."""


class LineTable:
    """The lines of a text. Only line feeds and carriage returns break lines, as in editors."""

    def __init__(self, text: str) -> None:
        self.text = text
        breaks = list(_BREAK.finditer(text))
        self._starts = [0, *(found.end() for found in breaks)]
        self._ends = [*(found.start() for found in breaks), len(text)]

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of a character; past the end, of the end."""
        offset = max(0, min(offset, len(self.text)))
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def range(self, start: int, end: int) -> Range:
        """Lines and columns of the characters `[start, end)`."""
        return Range(*self.place(start), *self.place(max(start, end)))

    def line(self, number: int) -> str:
        """The text of a line (from 1), without its break; empty where there is no such line."""
        if not 1 <= number <= len(self._starts):
            return ""
        return self.text[self._starts[number - 1] : self._ends[number - 1]]

    def start(self, number: int) -> int:
        """The offset of a line's first character."""
        return self._starts[number - 1]

    def __len__(self) -> int:
        """The number of lines."""
        return len(self._starts)
