"""From lines of the lake to batches that a function takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from .lake import Lake, Position
from .lines import Line, Source, UnreadableError, parsed, record
from .selection import Selection

MOST_BYTES = 5_500_000
"""Of a batch's JSON: Lambda takes 6 MB (AWS Lambda: quotas, invocation payload)."""
_AROUND = 700
"""More bytes than a record has beside its data, its names and its ARNs."""


class Chosen(NamedTuple):
    """A line that is sent, and where it stands."""

    line: Line
    key: str
    number: int


class Batch(NamedTuple):
    """Lines to send, and `position` behind the last line that was read for it.

    `passed` counts what was passed over on the way, by reason; `unreadable` says where lines are none of the lake's.
    `stored` is how many bytes of objects, as stored, were read to their end.
    """

    chosen: tuple[Chosen, ...]
    position: Position
    passed: Counter[str]
    unreadable: tuple[str, ...]
    stored: int

    def records(self, source: Callable[[str], Source]) -> list[dict[str, Any]]:
        """The records that a function gets; `source` says of a stream where its records come from."""
        return [record(one.line, source(one.line.stream)) for one in self.chosen]


def batches(lake: Lake, prefixes: Sequence[str], selection: Selection, most: int, at: Position) -> Iterator[Batch]:
    """Batches of at most so many lines, of one stream each, from a position on.

    An object in which nothing is left to send ends a batch, so that a replay knows how far it has come.
    """
    open_batch = _Open(at)
    for stored in lake.objects(prefixes, at, selection.since, selection.until):
        skip = at.line if stored.key == at.key else 0
        number = skip
        for raw in lake.lines(stored.key, skip):
            number += 1
            line = open_batch.read(raw, selection, stored.key, number)
            if line is not None and not open_batch.takes(line, most):
                yield open_batch.closed(Position(stored.key, number - 1))
            if line is not None:
                open_batch.chosen.append(Chosen(line, stored.key, number))
                open_batch.bytes += _size(line)
            if len(open_batch.chosen) >= most:
                yield open_batch.closed(Position(stored.key, number))
        open_batch.stored += stored.size
        open_batch.position = Position(stored.key, number)
        if not open_batch.chosen:
            yield open_batch.closed(open_batch.position)
    if open_batch.chosen:
        yield open_batch.closed(open_batch.position)


class _Open:
    """The batch that is being filled."""

    def __init__(self, at: Position) -> None:
        self.position = at
        self._clear()

    def _clear(self) -> None:
        self.chosen: list[Chosen] = []
        self.bytes = 0
        self.stored = 0
        self.passed: Counter[str] = Counter()
        self.unreadable: list[str] = []

    def read(self, raw: bytes, selection: Selection, key: str, number: int) -> Line | None:
        """The line, where it is to be sent."""
        try:
            line = parsed(raw)
        except UnreadableError as error:
            self.unreadable.append(f"{key} line {number}: {error}")
            return None
        reason = selection.passes_over(line)
        if reason is None:
            return line
        self.passed[reason] += 1
        return None

    def takes(self, line: Line, most: int) -> bool:
        if not self.chosen:
            return True
        same = self.chosen[0].line.stream == line.stream
        return same and len(self.chosen) < most and self.bytes + _size(line) <= MOST_BYTES

    def closed(self, position: Position) -> Batch:
        made = Batch(tuple(self.chosen), position, self.passed, tuple(self.unreadable), self.stored)
        self.position = position
        self._clear()
        return made


def _size(line: Line) -> int:
    return _AROUND + len(line.data) * 4 // 3 + len(line.partition_key)
