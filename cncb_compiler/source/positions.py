"""Line and column of a `Location`, worked out only when a diagnostic is shown."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property

from cncb_compiler.source.lines import FILE_START, LineTable, Range
from cncb_compiler.source.location import Location
from cncb_compiler.source.outline import Place, outline
from cncb_compiler.source.spans import narrow


class PositionIndex:
    """The places of one file. The text is read again, with positions, at the first question."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def lines(self) -> LineTable:
        """The lines of the file."""
        return LineTable(self.text)

    @cached_property
    def _outline(self) -> tuple[Place | None, list[Place]]:
        return outline(self.text)

    @property
    def root(self) -> Place | None:
        """The outermost value; None where there is none."""
        return self._outline[0]

    @cached_property
    def _scalar_starts(self) -> list[int]:
        return [scalar.start for scalar in self._outline[1]]

    def range(self, at: Location) -> Range:
        """Where a location stands.

        Path segments that are not in the text are skipped, because the models add segments that a short form
        leaves out. A last segment `[key]` (pydantic's name for a key) means the key before it. A `span`
        without a path counts the characters of the whole file. A file that cannot be read as YAML has the
        places before its error.
        """
        span = self.span(at)
        return self.lines.range(*span) if span else FILE_START

    def span(self, at: Location) -> tuple[int, int] | None:
        """The characters `[start, end)` of a location, found as by `range`; None where nothing better is known."""
        if not at.path:
            return at.span
        path, on_key = at.path, at.on_key
        if path[-1] == "[key]":
            path, on_key = path[:-1], True
        key, place = self._walk(path)
        if place is None:
            return None
        if on_key and key is not None:
            place = key
        if at.span is not None and place.kind == "scalar":
            return narrow(self.text, place, *at.span)
        return place.start, place.end

    def in_scalar(self, offset: int) -> bool:
        """Whether a character belongs to a key or value, and so cannot be a comment."""
        number = bisect_right(self._scalar_starts, offset) - 1
        return number >= 0 and offset < self._outline[1][number].end

    def _walk(self, path: tuple[str | int, ...]) -> tuple[Place | None, Place | None]:
        """The key and value at the end of a path; the key is None for an item of a list."""
        key: Place | None = None
        place = self._outline[0]
        for segment in path:
            if place is None:
                break
            if place.kind == "map" and str(segment) in place.entries:
                key, place = place.entries[str(segment)]
            elif place.kind == "list":
                item = _item(place, segment)
                if item is not None:
                    key, place = None, item
        return key, place


def _item(place: Place, segment: str | int) -> Place | None:
    """An item by its number; or by its text, where a list of names stands for a map (`on: [a, b]`)."""
    if isinstance(segment, int):
        return place.items[segment] if 0 <= segment < len(place.items) else None
    return next((item for item in place.items if item.kind == "scalar" and item.value == segment), None)
