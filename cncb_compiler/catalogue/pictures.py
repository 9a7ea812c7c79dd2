"""Focused pictures: what a page is about, and what is one step away, each box a link to its own page."""

from __future__ import annotations

from collections.abc import Callable, Collection
from html import escape

from cncb_compiler.catalogue.facts import Facts
from cncb_compiler.catalogue.page import Figure
from cncb_compiler.draw.layout import layout
from cncb_compiler.draw.picture import Arrow, Box, Picture, made, near, restricted
from cncb_compiler.draw.svg import drawing

MOST = 120
"""How many boxes a picture may have: beyond that nobody finds anything in it, and it would be slow to draw."""

_Href = Callable[[str], str]


def around(facts: Facts, nodes: Collection[str], label: str, up: str) -> Figure | None:
    """What is one step away from some nodes; None where there is nothing to see."""
    inside = {box.id for box in facts.whole.boxes} & set(nodes)
    if not inside:
        return None
    return figure(_bounded(facts.whole, inside, near(facts.whole, inside, 1)), label, facts.paths.of, up, inside)


def exactly(facts: Facts, nodes: Collection[str], label: str, up: str) -> Figure | None:
    """These nodes, and nothing else."""
    if not nodes:
        return None
    return figure(_bounded(facts.whole, nodes, nodes), label, facts.paths.of, up)


def of_service(facts: Facts, service: str, up: str) -> Figure | None:
    """What a service does and holds, its events, and which services are at their other end."""
    whole, own = facts.whole, f"service:{service}"
    inside = {box.id for box in whole.boxes if box.group == own}
    if not inside:
        return None
    beside = near(whole, inside, 1)
    boxes = {box.id: box for box in whole.boxes if box.id in beside}
    group_of = {box.id: box.group for box in whole.boxes}
    arrows = {arrow for arrow in whole.arrows if arrow.source in beside and arrow.target in beside}
    groups = {group.id: group for group in whole.groups}
    for arrow in whole.arrows:
        publishes = arrow.target in beside and group_of[arrow.target] is None
        event, far = (arrow.target, arrow.source) if publishes else (arrow.source, arrow.target)
        group = group_of[far]
        if event in beside and group_of[event] is None and group is not None and group != own:
            boxes[group] = Box(group, groups[group].label, "service", None, at=groups[group].at)
            ends = (group, event) if publishes else (event, group)
            arrows.add(Arrow(*ends, arrow.kind))
    kept = {name for name, box in boxes.items() if box.group in (None, own)}
    arrows = {arrow for arrow in arrows if arrow.source in kept and arrow.target in kept}
    picture = made(whole.title, "service", whole.groups, [boxes[name] for name in kept], arrows)
    return figure(_bounded(picture, inside, kept), f"{service} and its neighbours", facts.paths.of, up, [own])


def of_owner(facts: Facts, owned: Collection[str], label: str, up: str) -> Figure | None:
    """The services of a team, their events, and the services at their other end."""
    inside = {box.id for box in facts.map.boxes} & set(owned)
    if not inside:
        return None
    events = near(facts.map, inside, 1)
    wide = near(facts.map, events - inside, 1) | events
    return figure(_bounded(facts.map, inside, wide), label, facts.paths.of, up, inside)


def of_system(facts: Facts, up: str) -> Figure:
    """The services and the events between them; of a large system, its teams and who listens to whom."""
    label = f"Services of {facts.system.name}, and the events between them"
    if len(facts.map.boxes) <= MOST * 2:
        return figure(facts.map, label, facts.paths.of, up)
    teams = _teams(facts)
    return figure(teams, f"Teams of {facts.system.name}, and who listens to whom", facts.paths.of, up)


def _teams(facts: Facts) -> Picture:
    system = facts.system
    owner_of = {f"service:{name}": service.owner for name, service in system.services.items()}
    boxes = {owner: Box(f"owner:{owner}", owner, "service") for owner in facts.owners}
    publishers: dict[str, set[str]] = {}
    arrows = set()
    for arrow in facts.map.arrows:
        if arrow.kind == "publishes":
            publishers.setdefault(arrow.target, set()).add(owner_of.get(arrow.source, ""))
    for arrow in facts.map.arrows:
        if arrow.kind == "consumes":
            to = owner_of.get(arrow.target, "")
            arrows |= {
                Arrow(f"owner:{one}", f"owner:{to}", "consumes")
                for one in publishers.get(arrow.source, ())
                if one in boxes and to in boxes and one != to
            }
    picture = made(system.name, "system", (), list(boxes.values()), arrows)
    note = f"Teams in place of {len(system.services)} services and {len(system.events)} events."
    return _bounded(picture, set(), {box.id for box in picture.boxes}).noted(note)


def _bounded(picture: Picture, inside: Collection[str], names: Collection[str]) -> Picture:
    """The named boxes, as many as may be: those inside first."""
    if len(names) <= MOST:
        return restricted(picture, names)
    first = [*sorted(inside), *sorted(set(names) - set(inside))][:MOST]
    left = len(names) - len(first)
    return restricted(picture, first).noted(f"{left} more boxes are left out; the tables below have them all.")


def figure(picture: Picture, label: str, of: _Href, up: str, focus: Collection[str] = ()) -> Figure:
    """A picture as a drawing with links; what it is about is marked."""
    placed = layout(picture)

    def linked(name: str) -> str:
        href = of(name)
        return escape(up + href, quote=True) if href else ""

    parts = "".join(drawing(picture, placed, linked))
    for name in focus:
        said = f'data-id="{escape(name, quote=True)}"'
        parts = parts.replace(said, f"data-focus {said}")
    head = (
        f'<svg class="picture" width="{placed.width}" height="{placed.height}" '
        f'viewBox="0 0 {placed.width} {placed.height}" role="group" aria-label="{escape(label, quote=True)}">'
    )
    return Figure(label, " ".join(picture.notes), f"{head}{parts}</svg>")
