"""What a YAML text is made of, by line: its comments, and the lines that are inside of something."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Reads tokens: libyaml's, where PyYAML was built with it."""
_HASH = "#"


@dataclass(frozen=True, slots=True)
class Lines:
    """A text by lines. `comment_at`: line -> column of its comment.

    `inside`: the lines that begin inside a scalar or a flow collection; their layout is left alone.
    """

    lines: tuple[str, ...]
    comment_at: dict[int, int]
    inside: frozenset[int]

    def comments(self) -> list[str]:
        """The text of all comments, sorted, so that two layouts can be compared."""
        return sorted(self.lines[line][column:].rstrip() for line, column in self.comment_at.items())


def read(text: str) -> Lines:
    """The lines of `text`, which must be YAML. Raises `yaml.YAMLError`."""
    lines = tuple(text.split("\n"))
    covered: dict[int, list[tuple[int, int]]] = {}
    inside: set[int] = set()
    depth = 0
    opened = 0
    for token in yaml.scan(text, Loader=LOADER):
        if isinstance(token, (yaml.FlowMappingStartToken, yaml.FlowSequenceStartToken)):
            opened = opened if depth else token.start_mark.line
            depth += 1
        elif isinstance(token, (yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)):
            depth -= 1
            if not depth:
                inside.update(range(opened + 1, token.end_mark.line + 1))
        for line, start, end in _extent(token):
            if line > token.start_mark.line:
                inside.add(line)
            covered.setdefault(line, []).append((start, end))
    comment_at = {}
    for number, content in enumerate(lines):
        column = _comment(content, covered.get(number, []))
        if column is not None:
            comment_at[number] = column
    return Lines(lines, comment_at, frozenset(inside))


def _extent(token: Any) -> Iterator[tuple[int, int, int]]:
    """The parts of lines in which a `#` would not begin a comment: (line, first column, column after)."""
    if not isinstance(token, (yaml.ScalarToken, yaml.AnchorToken, yaml.AliasToken, yaml.TagToken)):
        return
    start, end = token.start_mark, token.end_mark
    if isinstance(token, yaml.ScalarToken) and token.style in ("|", ">"):
        # The header's line may hold a comment; the scalar ends where the next token's line begins.
        for line in range(start.line + 1, end.line):
            yield line, 0, 1 << 30
        if end.column:
            yield end.line, 0, end.column
        return
    for line in range(start.line, end.line + 1):
        yield line, start.column if line == start.line else 0, end.column if line == end.line else 1 << 30


def _comment(line: str, covered: list[tuple[int, int]]) -> int | None:
    column = line.find(_HASH)
    while column >= 0:
        if not any(start <= column < end for start, end in covered):
            return column
        column = line.find(_HASH, column + 1)
    return None
