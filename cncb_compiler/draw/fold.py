"""A picture that is much wider than high is folded like text: its layers go on at the left, one band below."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from cncb_compiler.draw.items import MARGIN, Item

_WIDEST = 6000
"""A picture is folded that is wider."""
_FLATTEST = 4
"""... and so many times wider than high."""
_SHAPE = 1.6
"""Width by height of what is folded."""
_ROOM = 30
"""Between bands, and beside them."""
_LANE = 6

Ways = Mapping[str, Sequence[Sequence[Item]]]
"""What the arrows of a box pass on their ways, ends included."""


@dataclass(frozen=True, slots=True)
class Folds:
    """Where arrows go around from band to band: their lanes are at the right, between the bands, and at the left."""

    left: int
    right: tuple[int, ...]
    below: tuple[int, ...]
    lanes: Mapping[tuple[str, int], int]

    def around(self, source: str, band: int, to_band: int, to_x: int, to_y: int) -> str:
        """The way of the arrows of `source` from where they are to a place in the band before or after."""
        upper = min(band, to_band)
        aside = _LANE * self.lanes[source, upper]
        right, left = self.right[upper] + aside, self.left - aside
        first, second = (right, left) if to_band > band else (left, right)
        return f"H{first}V{self.below[upper] + aside}H{second}V{to_y}H{to_x}"


def fold(columns: Sequence[list[Item]], width: int, height: int, ways: Ways) -> tuple[Folds | None, int, int]:
    """Move what is too wide into bands; gives where arrows go around, and the size of it all."""
    if width <= _WIDEST or width <= _FLATTEST * height:
        return None, width, height
    count = max(2, round((width / (_SHAPE * (height + _ROOM))) ** 0.5))
    bands = _bands(columns, width / count)
    lanes = _lanes(ways)
    used: dict[int, int] = defaultdict(int)
    for (_, above), lane in lanes.items():
        used[above] = max(used[above], lane + 1)
    left = MARGIN + _ROOM + _LANE * max(used.values(), default=0)
    rights, below = [], []
    top = MARGIN
    for number, band in enumerate(bands):
        items = [item for column in band for item in column]
        aside, up = left - min(item.x for item in items), top - min(round(item.y) for item in items)
        for item in items:
            item.x, item.y = item.x + aside, item.y + up
        bottom = max(round(item.y) + item.height for item in items)
        rights.append(max(item.x + item.width for item in items) + _ROOM // 2)
        below.append(bottom + _ROOM // 2)
        top = bottom + _ROOM + _LANE * used[number]
    reach = max(rights) + _LANE * max(used.values(), default=0)
    return Folds(left - _ROOM // 2, tuple(rights), tuple(below), lanes), reach, bottom


def _bands(columns: Sequence[list[Item]], width: float) -> list[list[list[Item]]]:
    bands: list[list[list[Item]]] = []
    start = 0
    for column in columns:
        right = max(item.x + item.width for item in column)
        if not bands or right - start > width:
            bands.append([])
            start = min(item.x for item in column)
        bands[-1].append(column)
        for item in column:
            item.band = len(bands) - 1
    return bands


def _lanes(ways: Ways) -> dict[tuple[str, int], int]:
    """The lane of the arrows of each box at each fold that they pass, from the top."""
    passing: dict[int, dict[str, float]] = defaultdict(dict)
    for source, found in ways.items():
        for way in found:
            for one, other in pairwise(way):
                if one.band != other.band:
                    passing[min(one.band, other.band)].setdefault(source, one.y)
    return {
        (source, band): lane
        for band, sources in passing.items()
        for lane, source in enumerate(sorted(sources, key=lambda name: (sources[name], name)))
    }
