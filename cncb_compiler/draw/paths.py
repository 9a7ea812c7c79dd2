"""The way of an arrow, as SVG path data: from layer to layer, around a fold, or inside of a card."""

from __future__ import annotations

from collections.abc import Sequence

from cncb_compiler.draw.fold import Folds
from cncb_compiler.draw.items import GUTTER, ROW, Item
from cncb_compiler.draw.picture import Arrow


def across(arrow: Arrow, way: Sequence[Item], forward: bool, folds: Folds | None) -> str:
    """From card to card, through the lines between them. `forward`: to the right."""
    source, target = way[0], way[-1]
    band = source.band
    x, y = source.x + source.width if forward else source.x, round(source.y + source.ports[arrow.source])
    parts = [f"M{x} {y}"]
    for item in way[1:]:
        level = round(item.y + (target.ports[arrow.target] if item is target else item.height / 2))
        near, far = (item.x, item.x + item.width) if forward else (item.x + item.width, item.x)
        if folds is not None and band != item.band:
            parts.append(folds.around(arrow.source, band, item.band, near, level))
        else:
            parts.append(_curve(x, y, near, level))
        if item is not target:
            parts.append(f"H{far}")
        x, y, band = far, level, item.band
    return "".join(parts)


def inside(arrow: Arrow, card: Item) -> str:
    """An arc at the right of a card, from row to row."""
    start, end = card.ports[arrow.source], card.ports[arrow.target]
    x, top = card.x + card.width - GUTTER, round(card.y)
    reach = x + min(GUTTER, 10 + 5 * abs(end - start) // ROW)
    down = 3 if end > start else -3
    return f"M{x} {top + start + down}C{reach} {top + start + down} {reach} {top + end - down} {x} {top + end - down}"


def _curve(x: int, y: int, to_x: int, to_y: int) -> str:
    middle = (x + to_x) // 2
    return f"C{middle} {y} {middle} {to_y} {to_x} {to_y}"
