"""Where everything of a picture stands: groups as cards with a row for each box, in layers from left to right.

An arrow takes the space of a node in each layer that it passes, so it never runs through a card; arrows from one box
share their way as far as they go together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from cncb_compiler.draw.layers import layers, ordered, spread
from cncb_compiler.draw.metrics import text_width
from cncb_compiler.draw.picture import Arrow, Box, Group, Picture

SIZE = 12
"""Of text, in pixels."""
SMALL = 10
ROW = 22
HEADER = 40
ICON = 24
"""Left of each label."""
GUTTER = 34
"""Right of each label in a card, for the arrows inside of it."""
MARGIN = 24
_PADDING = 10
_LINE = 6
"""What an arrow takes of a layer that it passes."""
_GAP = 18
_SWEEPS = 24
_SHELF = 1200
"""How wide a row of what has no arrows may be, at the least."""


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle, in whole pixels."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Layout:
    """Places of groups and boxes by id, and the path of each arrow (SVG path data)."""

    width: int
    height: int
    groups: dict[str, Area]
    boxes: dict[str, Area]
    paths: tuple[tuple[Arrow, str], ...]


@dataclass(slots=True)
class _Item:
    """What is placed as one: a card with its rows, a box alone, or the line of arrows that pass a layer.

    `ports` are the middles of the rows, from the top.
    """

    id: str
    width: int
    height: int
    rows: list[Box] = field(default_factory=list)
    ports: dict[str, int] = field(default_factory=dict)
    x: int = 0
    y: float = 0

    def port(self, box: str) -> float:
        """The middle of a row; of a line, of itself."""
        return self.ports.get(box, self.height / 2)


_Route = list[_Item]
"""The lines that an arrow takes through the layers between its ends, from its source on."""


def layout(picture: Picture) -> Layout:
    """Place everything; the same picture is placed the same way."""
    cards = _cards(picture)
    card_of = {box.id: card for card in cards for box in card.rows}
    outer = [one for one in picture.arrows if card_of[one.source] is not card_of[one.target]]
    links = sorted({(card_of[one.source].id, card_of[one.target].id) for one in outer})
    layer = layers(sorted({end for link in links for end in link}), links)
    columns: dict[int, list[_Item]] = defaultdict(list)
    for card in cards:
        if card.id in layer:
            columns[layer[card.id]].append(card)
    routes = _routes(outer, card_of, layer, columns)
    rows = [columns[number] for number in sorted(columns)]
    width, height = _arrange(rows, outer, card_of, routes, layer)
    width, height = _shelve([card for card in cards if card.id not in layer], width, height)
    paths = tuple(
        (one, _path(one, card_of, routes.get(one, []), layer) if one in routes else _inside(one, card_of))
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


def group_label(group: Group) -> str:
    """The first line of a card."""
    return group.mark.of(group.label)


def _cards(picture: Picture) -> list[_Item]:
    inside: dict[str, list[Box]] = defaultdict(list)
    for box in picture.boxes:
        if box.group is not None:
            inside[box.group].append(box)
    cards = [_card(group, _in_order(inside[group.id], picture.arrows)) for group in picture.groups]
    for box in picture.boxes:
        if box.group is None:
            width = text_width(box.mark.of(box.label), SIZE) + ICON + 2 * _PADDING
            cards.append(_Item(box.id, width, ROW + 4, [box], {box.id: ROW // 2 + 2}))
    return cards


def _card(group: Group, boxes: list[Box]) -> _Item:
    widest = max(text_width(box.mark.of(box.label), SIZE) for box in boxes)
    headed = max(text_width(group_label(group), SIZE + 1), text_width(group.owner, SMALL))
    width = max(widest + ICON + _PADDING + GUTTER, headed + _PADDING) + _PADDING
    ports = {box.id: HEADER + ROW * number + ROW // 2 for number, box in enumerate(boxes)}
    return _Item(group.id, width, HEADER + ROW * len(boxes) + _PADDING // 2, boxes, ports)


def _in_order(boxes: list[Box], arrows: Sequence[Arrow]) -> list[Box]:
    """Rows such that arrows inside of a card are short: what belongs together, the way data flows."""
    names = {box.id for box in boxes}
    links = sorted(
        {(one.source, one.target) for one in arrows if {one.source, one.target} <= names and one.source != one.target}
    )
    depth = layers(sorted(names), links)
    leader = {name: name for name in names}

    def found(name: str) -> str:
        while leader[name] != name:
            name = leader[name]
        return name

    for source, target in links:
        one, other = sorted((found(source), found(target)))
        leader[other] = one
    return sorted(boxes, key=lambda box: (found(box.id), depth[box.id], box.id))


def _routes(
    outer: Sequence[Arrow], card_of: dict[str, _Item], layer: dict[str, int], columns: dict[int, list[_Item]]
) -> dict[Arrow, _Route]:
    lines: dict[tuple[str, int], _Item] = {}
    routes = {}
    for arrow in outer:
        start, end = layer[card_of[arrow.source].id], layer[card_of[arrow.target].id]
        step = 1 if start < end else -1
        route = []
        for number in range(start + step, end, step):
            key = arrow.source, number
            if key not in lines:
                lines[key] = _Item(f"{arrow.source} > {number}", 0, _LINE)
                columns[number].append(lines[key])
            route.append(lines[key])
        routes[arrow] = route
    return routes


_Link = tuple[_Item, float, _Item, float]
"""An item, the height of a port in it, and the same of an item in the next layer."""


def _arrange(
    columns: list[list[_Item]],
    outer: Sequence[Arrow],
    card_of: dict[str, _Item],
    routes: dict[Arrow, _Route],
    layer: dict[str, int],
) -> tuple[int, int]:
    """Place the layers; gives the width and height that they take."""
    links: dict[tuple[str, str], _Link] = {}
    for arrow in outer:
        ends = [card_of[arrow.source], *routes[arrow], card_of[arrow.target]]
        ports = [ends[0].port(arrow.source), *(line.port("") for line in routes[arrow]), ends[-1].port(arrow.target)]
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
    placed = [[items[name] for name in row] for row in ordered(rows, following, leading)]
    _stack(placed)
    for sweep in range(_SWEEPS):
        for column in placed if sweep % 2 == 0 else placed[::-1]:
            _settle(column, after, before)
    return _extent(placed, len(links))


def _stack(columns: list[list[_Item]]) -> None:
    for column in columns:
        y = 0.0
        for item in column:
            item.y = y
            y += item.height + _GAP


def _settle(column: list[_Item], after: dict[str, list[_Link]], before: dict[str, list[_Link]]) -> None:
    """Move a layer to where its arrows run as level as they can."""
    desired = []
    for item in column:
        wanted = [right.y + there - at for _, at, right, there in after[item.id]]
        wanted += [left.y + at - there for left, at, _, there in before[item.id]]
        desired.append(sum(wanted) / len(wanted) if wanted else item.y)
    gaps = [_GAP if item.rows else _GAP / 2 for item in column]
    for item, y in zip(column, spread(desired, [item.height for item in column], gaps), strict=True):
        item.y = y


def _extent(columns: list[list[_Item]], links: int) -> tuple[int, int]:
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


def _shelve(cards: list[_Item], width: int, height: int) -> tuple[int, int]:
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


def _row(card: _Item, box: Box) -> Area:
    if box.group is None:
        return Area(card.x, round(card.y), card.width, card.height)
    return Area(card.x, round(card.y) + card.ports[box.id] - ROW // 2, card.width, ROW)


def _path(arrow: Arrow, card_of: dict[str, _Item], route: _Route, layer: dict[str, int]) -> str:
    source, target = card_of[arrow.source], card_of[arrow.target]
    forward = layer[source.id] < layer[target.id]
    out, into = (source.x + source.width, target.x) if forward else (source.x, target.x + target.width)
    x, y = out, round(source.y + source.ports[arrow.source])
    parts = [f"M{x} {y}"]
    for line in route:
        level = round(line.y + line.height / 2)
        near, far = (line.x, line.x + line.width) if forward else (line.x + line.width, line.x)
        parts += [_curve(x, y, near, level), f"H{far}"]
        x, y = far, level
    return "".join([*parts, _curve(x, y, into, round(target.y + target.ports[arrow.target]))])


def _curve(x: int, y: int, to_x: int, to_y: int) -> str:
    middle = (x + to_x) // 2
    return f"C{middle} {y} {middle} {to_y} {to_x} {to_y}"


def _inside(arrow: Arrow, card_of: dict[str, _Item]) -> str:
    """An arc at the right of a card, from row to row."""
    card = card_of[arrow.source]
    start, end = card.ports[arrow.source], card.ports[arrow.target]
    x, top = card.x + card.width - GUTTER, round(card.y)
    reach = x + min(GUTTER, 10 + 5 * abs(end - start) // ROW)
    down = 3 if end > start else -3
    return f"M{x} {top + start + down}C{reach} {top + start + down} {reach} {top + end - down} {x} {top + end - down}"
