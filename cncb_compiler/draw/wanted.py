"""The picture that was asked for: of a level, of a selected part, beside another revision."""

from __future__ import annotations

from collections.abc import Collection

from cncb_compiler.compare.compare import Differences
from cncb_compiler.compare.selected import changed_nodes
from cncb_compiler.draw import fields, services
from cncb_compiler.draw.marks import marked, renamed
from cncb_compiler.draw.picture import PAGE, Box, Level, Picture, collapsed, near, restricted
from cncb_compiler.graph.network import Node
from cncb_compiler.graph.system import LinkedSystem
from cncb_compiler.select.grammar import NothingNamedError
from cncb_compiler.select.selection import select

Asked = tuple[Collection[str], Collection[str]]
"""What `--select` and `--exclude` say."""


def picture(system: LinkedSystem, level: Level, asked: Asked = ((), ())) -> Picture:
    """A picture of one revision. Raises SelectorError."""
    whole = _of_level(system, level)
    if any(asked):
        whole = _chosen(whole, set(select(system, *asked).nodes), asked)
    return collapsed(whole) if level == "system" else whole


def compared_picture(
    differences: Differences, level: Level, asked: Asked = ((), ()), *, whole: bool = False
) -> Picture:
    """A picture of what differs, and of what is one step away; with a selection, of what is selected; or of all.

    Raises SelectorError.
    """
    name_after = renamed(differences)
    changed = {change.subject for change in differences.changes}
    changed |= {services.named(node) for node in changed_nodes(differences)}
    before, after = (_of_level(side.system, level) for side in (differences.before, differences.after))
    all_ = marked(before, after, changed, name_after)
    chosen = _chosen(all_, _selected(differences, asked), asked) if any(asked) else all_
    drawn = collapsed(chosen) if level == "system" else chosen
    return drawn if whole or any(asked) else _focused(drawn, differences.before.label)


def _of_level(system: LinkedSystem, level: Level) -> Picture:
    return fields.picture(system) if level == "field" else services.picture(system)


def _focused(whole: Picture, label: str) -> Picture:
    """What differs, and what is one step away; nothing is left of a picture without differences.

    Of a service that differs in nothing that is drawn, what it holds is shown.
    """
    differing = {box.id for box in whole.boxes if box.mark}
    told = {box.group for box in whole.boxes if box.mark}
    kept = near(whole, differing, 1)
    kept |= {end for arrow in whole.arrows if arrow.mark for end in (arrow.source, arrow.target)}
    untold = {group.id for group in whole.groups if group.mark} - told
    kept |= {box.id for box in whole.boxes if box.group in untold}
    part = restricted(whole, kept)
    if not kept:
        return part.noted(f"Nothing that this picture shows differs from {label}.")
    return part.noted(f"What differs from {label}, and what is one step away. {_left_out(whole, part)}".rstrip())


def _chosen(whole: Picture, nodes: set[Node], asked: Asked) -> Picture:
    names = {services.named(node) for node in nodes}
    part = restricted(whole, {box.id for box in whole.boxes if _name(box) in names})
    selected, excluded = (" ".join(texts) for texts in asked)
    how = " ".join(word for word in (selected and f"of `{selected}`", excluded and f"without `{excluded}`") if word)
    return part.noted(f"A picture {how}. {_left_out(whole, part)}".rstrip())


def _name(box: Box) -> str:
    """The name of the node that a box is, or is a part of."""
    if box.kind in ("lake", "monitor"):
        return box.group or box.id
    return fields.node_id(box.id) if box.kind == "field" else box.id


def _left_out(whole: Picture, part: Picture) -> str:
    boxes, arrows = len(whole.boxes) - len(part.boxes), len(whole.arrows) - len(part.arrows)
    if not boxes and not arrows:
        return ""
    counts = f"{boxes} of {len(whole.boxes)} boxes and {arrows} of {len(whole.arrows)} arrows"
    return f"Left out: {counts}; {PAGE} shows all."


def _selected(differences: Differences, asked: Asked) -> set[Node]:
    """What is selected on either side, by its name after; NothingNamedError where neither has it."""
    name_after = renamed(differences)
    found: set[Node] = set()
    unknown: list[NothingNamedError] = []
    for side in (differences.after, differences.before):
        try:
            nodes = select(side.system, *asked, changed=lambda: changed_nodes(differences)).nodes
        except NothingNamedError as error:
            unknown.append(error)
            continue
        for kind, name in nodes:
            after = name_after(f"{kind}:{name}") if side is differences.before else f"{kind}:{name}"
            found.add((kind, after.partition(":")[2]))
    if len(unknown) == 2:
        raise unknown[0]
    return found
