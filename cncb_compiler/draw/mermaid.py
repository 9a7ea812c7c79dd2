"""A picture as Mermaid, for Markdown: GitHub and GitLab draw it where it stands."""

from __future__ import annotations

from collections import Counter

from cncb_compiler.diagnostics.render.excerpt import visible
from cncb_compiler.draw.kinds import LOOKS, MARKS, TEXT
from cncb_compiler.draw.picture import PAGE, Box, Mark, Picture, collapsed, restricted

CHARACTERS = 50_000
EDGES = 500
"""What Mermaid draws at the most, unless its host was configured for more."""


def render(picture: Picture, room: int = CHARACTERS) -> str:
    """The picture as a Mermaid flowchart, left to right; as much of it as Mermaid draws, and a note about the rest.

    `room` is the most characters. Where not even one box fits, the text is empty.
    """
    text = _text(picture)
    if _fits(picture, text, room):
        return text
    why = f"Mermaid draws {EDGES} edges and {CHARACTERS:,} characters at the most"
    if room < CHARACTERS:
        why = f"there is room for {EDGES} edges and {room:,} characters"
    if picture.level == "service":
        picture = collapsed(picture).noted(f"Services are drawn without what is inside: {why}; {PAGE} shows all.")
        text = _text(picture)
        if _fits(picture, text, room):
            return text
    return _cut(picture, why, room)


def _cut(picture: Picture, why: str, room: int) -> str:
    """As many boxes as fit: first what differs, then what has the most arrows."""
    arrows = Counter(end for arrow in picture.arrows for end in (arrow.source, arrow.target))
    ranked = sorted(picture.boxes, key=lambda box: (box.mark is Mark.NONE, -arrows[box.id], box.id))
    fitting, too_many = 0, len(ranked)
    text = ""
    while too_many - fitting > 1:
        count = (fitting + too_many) // 2
        note = f"{len(ranked) - count} of {len(ranked)} boxes are left out: {why}; {PAGE} shows all."
        part = restricted(picture, {box.id for box in ranked[:count]}).noted(note)
        made = _text(part)
        if _fits(part, made, room):
            fitting, text = count, made
        else:
            too_many = count
    return text


def _fits(picture: Picture, text: str, room: int) -> bool:
    return len(picture.arrows) <= EDGES and len(text) <= room


def _text(picture: Picture) -> str:
    ids = {box.id: f"n{number}" for number, box in enumerate(picture.boxes)}
    lines = ["flowchart LR"]
    lines += [f"  {_node(box, ids)}" for box in picture.boxes if box.group is None]
    for number, group in enumerate(picture.groups):
        label = f"{group.label} ({group.owner})" if group.owner else group.label
        lines.append(f'  subgraph s{number}["{_escaped(group.mark.of(label))}"]')
        lines += [f"    {_node(box, ids)}" for box in picture.boxes if box.group == group.id]
        lines.append("  end")
    for arrow in picture.arrows:
        line = {Mark.ADDED: "==>", Mark.REMOVED: "-.->"}.get(arrow.mark, "-->")
        lines.append(f"  {ids[arrow.source]} {line} {ids[arrow.target]}")
    lines += [f'  note{number}["{_escaped(note)}"]:::note' for number, note in enumerate(picture.notes)]
    return "\n".join([*lines, *_classes(picture)]) + "\n"


def _classes(picture: Picture) -> list[str]:
    kinds = sorted({box.kind for box in picture.boxes})
    lines = [f"  classDef {kind} fill:{LOOKS[kind].fill},stroke:{LOOKS[kind].line},color:{TEXT}" for kind in kinds]
    marks = sorted({*(box.mark for box in picture.boxes), *(group.mark for group in picture.groups)} - {Mark.NONE})
    for mark in marks:
        dashes = ",stroke-dasharray:6 4" if mark is Mark.REMOVED else ""
        lines.append(f"  classDef {mark} stroke:{MARKS[mark]},stroke-width:4px{dashes}")
        boxes = [f"n{number}" for number, box in enumerate(picture.boxes) if box.mark is mark]
        groups = [f"s{number}" for number, group in enumerate(picture.groups) if group.mark is mark]
        lines.append(f"  class {','.join([*boxes, *groups])} {mark}")
    if picture.notes:
        lines.append("  classDef note fill:none,stroke:none")
    return lines


def _node(box: Box, ids: dict[str, str]) -> str:
    return ids[box.id] + LOOKS[box.kind].mermaid.format(_escaped(box.mark.of(box.label))) + f":::{box.kind}"


def _escaped(text: str) -> str:
    """Free text inside a quoted label."""
    return "".join(f"#{ord(letter)};" if letter in '"#<>&;\n\r`' else visible(letter) for letter in text)
