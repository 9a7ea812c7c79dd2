"""Where everything of a picture stands: groups as cards with a row for each box, in layers from left to right.

An arrow takes the space of a node in each layer that it passes, so it never runs through a card; arrows from one box
share their way as far as they go together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from cncb_compiler.draw.fold import fold
from cncb_compiler.draw.items import MARGIN, ROW, Area, Item, cards_of
from cncb_compiler.draw.layers import broadened, centred, layers, ordered, spread
from cncb_compiler.draw.paths import across, inside
from cncb_compiler.draw.picture import Arrow, Box, Picture

_LINE = 6
"""What an arrow takes of a layer that it passes."""
_GAP = 18
_SWEEPS = 24
_SHELF = 1200
"""How wide a row of what has no arrows may be, at the least."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Places of groups and boxes by id, and the path of each arrow (SVG path data)."""

    width: int
    height: int
    groups: dict[str, Area]
    boxes: dict[str, Area]
    paths: tuple[tuple[Arrow, str], ...]


def layout(picture: Picture) -> Layout:
    """Place everything; the same picture is placed the same way."""
    cards = cards_of(picture)
    card_of = {box.id: card for card in cards for box in card.rows}
    outer = [one for one in picture.arrows if card_of[one.source] is not card_of[one.target]]
    links = sorted({(card_of[one.source].id, card_of[one.target].id) for one in outer})
    layer = broadened(layers(sorted({end for link in links for end in link}), links), links)
    columns: dict[int, list[Item]] = defaultdict(list)
    for card in cards:
        if card.id in layer:
            columns[layer[card.id]].append(card)
    ways = _ways(outer, card_of, layer, columns)
    placed, width, height = _arrange([columns[number] for number in sorted(columns)], ways, layer)
    by_source: dict[str, list[list[Item]]] = defaultdict(list)
    for arrow, way in ways.items():
        by_source[arrow.source].append(way)
    folds, width, height = fold(placed, width, height, by_source)
    width, height = _shelve([card for card in cards if card.id not in layer], width, height)
    paths = tuple(
        (one, across(one, ways[one], layer[ways[one][0].id] < layer[ways[one][-1].id], folds))
        if one in ways
        else (one, inside(one, card_of[one.source]))
        for one in picture.arrows
    )
    groups = {group.id for group in picture.groups}
    return Layout(
        width,
        height,
        {card.id: Area(card.x, round(card.y), card.width, card.height) for card in cards if card.id in groups},
        {box.id: _row(card, box) for card in cards for box in card.rows},
        paths,
    )


_Ways = dict[Arrow, list[Item]]
"""What each arrow passes: its source, the lines through the layers between, and its target."""


def _ways(
    outer: Sequence[Arrow], card_of: dict[str, Item], layer: dict[str, int], columns: dict[int, list[Item]]
) -> _Ways:
    lines: dict[tuple[str, int], Item] = {}
    ways = {}
    for arrow in outer:
        source, target = card_of[arrow.source], card_of[arrow.target]
        start, end = layer[source.id], layer[target.id]
        step = 1 if start < end else -1
        way = [source]
        for number in range(start + step, end, step):
            key = arrow.source, number
            if key not in lines:
                lines[key] = Item(f"{arrow.source} > {number}", 0, _LINE)
                columns[number].append(lines[key])
            way.append(lines[key])
        ways[arrow] = [*way, target]
    return ways


_Link = tuple[Item, float, Item, float]
"""An item, the height of a port in it, and the same of an item in the next layer."""


def _arrange(columns: list[list[Item]], ways: _Ways, layer: dict[str, int]) -> tuple[list[list[Item]], int, int]:
    """Place the layers; gives them in their order, and the width and height that they take."""
    links: dict[tuple[str, str], _Link] = {}
    for arrow, ends in ways.items():
        ports = [ends[0].port(arrow.source), *(line.port("") for line in ends[1:-1]), ends[-1].port(arrow.target)]
        if layer[ends[0].id] > layer[ends[-1].id]:
            ends, ports = ends[::-1], ports[::-1]
        for left, at, right, there in zip(ends, ports, ends[1:], ports[1:], strict=False):
            links.setdefault((f"{left.id}|{at}", f"{right.id}|{there}"), (left, at, right, there))
    after: dict[str, list[_Link]] = defaultdict(list)
    before: dict[str, list[_Link]] = defaultdict(list)
    for link in links.values():
        after[link[0].id].append(link)
        before[link[2].id].append(link)
    items = {item.id: item for column in columns for item in column}
    rows = [sorted(item.id for item in column) for column in columns]
    following = {name: [link[2].id for link in found] for name, found in after.items()}
    leading = {name: [link[0].id for link in found] for name, found in before.items()}
    found = [centred(row, following, leading) for row in ordered(rows, following, leading)]
    placed = [[items[name] for name in row] for row in found]
    _stack(placed)
    for sweep in range(_SWEEPS):
        for column in placed if sweep % 2 == 0 else placed[::-1]:
            _settle(column, after, before)
    return placed, *_extent(placed, len(links))


def _stack(columns: list[list[Item]]) -> None:
    for column in columns:
        y = 0.0
        for item in column:
            item.y = y
            y += item.height + _GAP


def _settle(column: list[Item], after: dict[str, list[_Link]], before: dict[str, list[_Link]]) -> None:
    """Move a layer to where its arrows run as level as they can."""
    desired = []
    for item in column:
        wanted = [right.y + there - at for _, at, right, there in after.get(item.id, ())]
        wanted += [left.y + at - there for left, at, _, there in before.get(item.id, ())]
        desired.append(sum(wanted) / len(wanted) if wanted else item.y)
    gaps = [_GAP if item.rows else _GAP / 2 for item in column]
    for item, y in zip(column, spread(desired, [item.height for item in column], gaps), strict=True):
        item.y = y


def _extent(columns: list[list[Item]], links: int) -> tuple[int, int]:
    """Give the layers their places from left to right, and move everything below the margin."""
    x = MARGIN
    gap = min(140, 60 + 2 * links // max(1, len(columns)))
    for column in columns:
        width = max(item.width for item in column)
        for item in column:
            item.x = x + (width - item.width) // 2 if item.rows else x
            item.width = item.width if item.rows else width
        x += width + gap
    top = min((item.y for column in columns for item in column), default=0)
    for column in columns:
        for item in column:
            item.y = round(item.y - top) + MARGIN
    bottom = max((item.y + item.height for column in columns for item in column), default=0)
    return (x - gap if columns else 0), round(bottom)


def _shelve(cards: list[Item], width: int, height: int) -> tuple[int, int]:
    """Place what has no arrows to others in rows below; gives the size of the whole."""
    limit = max(width, _SHELF)
    x, y, tallest = MARGIN, height + MARGIN, 0
    for card in sorted(cards, key=lambda card: (-card.height, card.id)):
        if x > MARGIN and x + card.width > limit:
            x, y, tallest = MARGIN, y + tallest + _GAP, 0
        card.x, card.y = x, y
        x += card.width + _GAP
        tallest = max(tallest, card.height)
        width = max(width, x - _GAP)
    return width + MARGIN, (y + tallest if cards else height) + MARGIN


def _row(card: Item, box: Box) -> Area:
    if box.group is None:
        return Area(card.x, round(card.y), card.width, card.height)
    return Area(card.x, round(card.y) + card.ports[box.id] - ROW // 2, card.width, ROW)
