"""A picture as SVG: one file that needs nothing else, light and dark, with words for who cannot see it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from html import escape

from cncb_compiler.draw.items import GUTTER, ICON, MARGIN, ROW, SIZE, SMALL, Area, group_label
from cncb_compiler.draw.kinds import DARK_MARKS, GLYPHS, LOOKS, MARKS
from cncb_compiler.draw.layout import Layout, layout
from cncb_compiler.draw.metrics import text_width
from cncb_compiler.draw.picture import Arrow, Box, Group, Picture
from cncb_compiler.emit.templates import templates_folder

_NOTE = 18


def render(picture: Picture) -> str:
    """The picture as a file of its own."""
    placed = layout(picture)
    width = max([placed.width, *(text_width(note, SIZE) + 2 * MARGIN for note in picture.notes)])
    height = placed.height + _NOTE * len(picture.notes)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        'role="img" aria-labelledby="title desc">',
        f'<title id="title">{_escaped(picture.title)}</title>',
        f'<desc id="desc">{_escaped(described(picture))}</desc>',
        f"<style>{style()}</style>",
        f'<rect class="ground" width="{width}" height="{height}"/>',
        *drawing(picture, placed),
    ]
    for number, note in enumerate(picture.notes):
        lines.append(_text("note", MARGIN, placed.height + _NOTE * number, note, SIZE))
    return "\n".join([*lines, "</svg>"]) + "\n"


def style() -> str:
    """The style of what is drawn, light and dark."""
    text = (templates_folder() / "graph" / "picture.css").read_text(encoding="utf-8")
    lines = [f".{kind}{{--fill:{look.fill};--line:{look.line}}}" for kind, look in LOOKS.items()]
    lines += [f".{mark}{{--mark:{colour}}}" for mark, colour in MARKS.items()]
    dark = [f".{kind}{{--fill:{look.line};--line:{look.fill}}}" for kind, look in LOOKS.items()]
    dark += [f".{mark}{{--mark:{colour}}}" for mark, colour in DARK_MARKS.items()]
    return text.replace("/* kinds */", "\n".join(lines)).replace("/* dark kinds */", "\n".join(dark))


def drawing(picture: Picture, placed: Layout, href: Callable[[str], str] = lambda name: "") -> list[str]:
    """Everything that is drawn, as SVG elements; boxes, groups and arrows bear their ids as data.

    `href` gives what a box or group links to, escaped for an attribute, `` for nothing.
    """
    heads = "".join(
        f'<marker id="head{suffix}" class="head {suffix}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" '
        'markerHeight="9" markerUnits="userSpaceOnUse" orient="auto-start-reverse"><path d="M0 0L8 4L0 8z"/></marker>'
        for suffix in ("", *MARKS)
    )
    lines = [f"<defs>{heads}</defs>"]
    lines += [_card(group, placed.groups[group.id], href(group.id)) for group in picture.groups]
    lines += [_arrow(arrow, path) for arrow, path in placed.paths]
    lines += [_linked(_box(box, placed.boxes[box.id]), href(box.id)) for box in picture.boxes]
    return lines


def described(picture: Picture) -> str:
    """The picture in words: how much of what there is, what differs, and who is connected with whom."""
    kinds = Counter(box.kind for box in picture.boxes) + Counter(group.kind for group in picture.groups)
    parts = [", ".join(f"{count} {kind}{'s' if count > 1 else ''}" for kind, count in sorted(kinds.items())) + "."]
    for mark in MARKS:
        named = [group.id for group in picture.groups if group.mark is mark]
        named += [box.id for box in picture.boxes if box.mark is mark]
        if named:
            parts.append(f"{mark.value.capitalize()}: {', '.join(named)}.")
    return " ".join([*parts, *picture.notes])


def _linked(element: str, href: str) -> str:
    return f'<a href="{href}">{element}</a>' if href else element


def _card(group: Group, area: Area, href: str) -> str:
    name = _text("name", area.x + 10, area.y + 17, group_label(group), SIZE + 1)
    return (
        f'<g class="card {group.kind} {group.mark}" data-id="{_escaped(group.id)}">'
        f"<title>{_escaped(group.kind)} {_escaped(group_label(group))}</title>"
        f'<rect x="{area.x}" y="{area.y}" width="{area.width}" height="{area.height}" rx="6"/>'
        + _linked(name, href)
        + (_text("owner", area.x + 10, area.y + 31, group.owner, SMALL) if group.owner else "")
        + "</g>"
    )


def _box(box: Box, area: Area) -> str:
    label = box.mark.of(box.label)
    alone = box.group is None
    left = area.x + 10
    shape = (
        f'<rect x="{area.x}" y="{area.y}" width="{area.width}" height="{area.height}" rx="{area.height // 2}"/>'
        if alone
        else f'<rect x="{area.x + 4}" y="{area.y + 1}" width="{area.width - GUTTER - 6}" height="{ROW - 2}" rx="4"/>'
    )
    middle = area.y + area.height // 2
    return (
        f'<g class="box {"alone" if alone else "row"} {box.kind} {box.mark}" data-id="{_escaped(box.id)}">'
        f"<title>{_escaped(box.mark.of(box.id))}</title>{shape}"
        f'<path class="glyph" transform="translate({left} {middle - 7})" d="{GLYPHS[box.kind]}"/>'
        + _text("label", left + ICON, middle + 4, label, SIZE)
        + "</g>"
    )


def _arrow(arrow: Arrow, path: str) -> str:
    return (
        f'<path class="arrow {arrow.mark}" data-from="{_escaped(arrow.source)}" data-to="{_escaped(arrow.target)}" '
        f'marker-end="url(#head{arrow.mark})" d="{path}"/>'
    )


def _text(kind: str, x: int, y: int, text: str, size: int) -> str:
    """A line of text that is as wide as was reckoned, whatever font there is."""
    length = f' textLength="{text_width(text, size)}" lengthAdjust="spacingAndGlyphs"' if text else ""
    return f'<text class="{kind}" x="{x}" y="{y}"{length}>{_escaped(text)}</text>'


def _escaped(text: str) -> str:
    return escape(text, quote=True)
