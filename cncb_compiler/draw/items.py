"""What is placed as one: cards with their rows, boxes alone, and the lines that arrows take."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from cncb_compiler.draw.layers import layers
from cncb_compiler.draw.metrics import text_width
from cncb_compiler.draw.picture import Box, Group, Picture

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


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle, in whole pixels."""

    x: int
    y: int
    width: int
    height: int


@dataclass(slots=True)
class Item:
    """What is placed as one: a card with its rows, a box alone, or the line of arrows that pass a layer.

    `ports` are the middles of the rows, from the top. `band` is where it stands in a picture that is folded.
    """

    id: str
    width: int
    height: int
    rows: list[Box] = field(default_factory=list)
    ports: dict[str, int] = field(default_factory=dict)
    x: int = 0
    y: float = 0
    band: int = 0

    def port(self, box: str) -> float:
        """The middle of a row; of a line, of itself."""
        return self.ports.get(box, self.height / 2)


def group_label(group: Group) -> str:
    """The first line of a card."""
    return group.mark.of(group.label)


def cards_of(picture: Picture) -> list[Item]:
    """Each group as a card, each box without one as itself."""
    inside: dict[str, list[Box]] = defaultdict(list)
    group_of: dict[str, str] = {}
    for box in picture.boxes:
        if box.group is not None:
            inside[box.group].append(box)
            group_of[box.id] = box.group
    links: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for arrow in picture.arrows:
        group = group_of.get(arrow.source)
        if group is not None and group == group_of.get(arrow.target) and arrow.source != arrow.target:
            links[group].add((arrow.source, arrow.target))
    cards = [_card(group, _in_order(inside[group.id], sorted(links[group.id]))) for group in picture.groups]
    for box in picture.boxes:
        if box.group is None:
            width = text_width(box.mark.of(box.label), SIZE) + ICON + 2 * _PADDING
            cards.append(Item(box.id, width, ROW + 4, [box], {box.id: ROW // 2 + 2}))
    return cards


def _card(group: Group, boxes: list[Box]) -> Item:
    widest = max(text_width(box.mark.of(box.label), SIZE) for box in boxes)
    headed = max(text_width(group_label(group), SIZE + 1), text_width(group.owner, SMALL))
    width = max(widest + ICON + _PADDING + GUTTER, headed + _PADDING) + _PADDING
    ports = {box.id: HEADER + ROW * number + ROW // 2 for number, box in enumerate(boxes)}
    return Item(group.id, width, HEADER + ROW * len(boxes) + _PADDING // 2, boxes, ports)


def _in_order(boxes: list[Box], links: list[tuple[str, str]]) -> list[Box]:
    """Rows such that arrows inside of a card are short: what belongs together, the way data flows."""
    names = {box.id for box in boxes}
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
