"""Focused pictures: what a page is about, and what is one step away, each box a link to its own page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING

from cncb_compiler.catalogue.page import Figure
from cncb_compiler.draw.layout import layout
from cncb_compiler.draw.picture import Arrow, Box, Picture, made
from cncb_compiler.draw.svg import drawing

if TYPE_CHECKING:
    from cncb_compiler.catalogue.facts import Facts

MOST = 120
"""How many boxes a picture may have: beyond that nobody finds anything in it, and it would be slow to draw."""


class Whole:
    """A picture to take parts of, again and again: its boxes and groups by id, its arrows by their ends."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self.boxes = {box.id: box for box in picture.boxes}
        self.groups = {group.id: group for group in picture.groups}
        self.into: dict[str, list[Arrow]] = defaultdict(list)
        self.out: dict[str, list[Arrow]] = defaultdict(list)
        for arrow in picture.arrows:
            self.out[arrow.source].append(arrow)
            self.into[arrow.target].append(arrow)

    @cached_property
    def inside(self) -> dict[str, set[str]]:
        """By group, the ids of its boxes."""
        found: dict[str, set[str]] = defaultdict(set)
        for box in self.picture.boxes:
            if box.group is not None:
                found[box.group].add(box.id)
        return found

    def near(self, centre: Iterable[str]) -> set[str]:
        """The ids of what is one arrow away from the centre, in either direction; the centre too."""
        found = set(centre)
        for name in tuple(found):
            found |= {arrow.target for arrow in self.out.get(name, ())}
            found |= {arrow.source for arrow in self.into.get(name, ())}
        return found

    def part(self, names: Collection[str], first: Collection[str] = ()) -> Picture:
        """The boxes of these names, and the arrows between them; of more than a picture may have, the first ones."""
        kept = set(names)
        if len(kept) > MOST:
            kept = set([*sorted(kept & set(first)), *sorted(kept - set(first))][:MOST])
        boxes = [self.boxes[name] for name in kept]
        groups = {self.groups[box.group] for box in boxes if box.group is not None}
        arrows = [arrow for name in kept for arrow in self.out.get(name, ()) if arrow.target in kept]
        part = made(self.picture.title, self.picture.level, groups, boxes, arrows)
        left = len(names) - len(kept)
        return part.noted(f"{left} more boxes are left out; the tables have them all.") if left else part


def around(facts: Facts, nodes: Collection[str], label: str, up: str) -> Figure | None:
    """What is one step away from some nodes; None where there is nothing to see."""
    inside = facts.whole.boxes.keys() & set(nodes)
    if not inside:
        return None
    return _figure(facts, facts.whole.part(facts.whole.near(inside), inside), label, up, inside)


def exactly(facts: Facts, nodes: Collection[str], label: str, up: str) -> Figure | None:
    """These nodes, and nothing else; None where there are none."""
    found = facts.whole.boxes.keys() & set(nodes)
    return _figure(facts, facts.whole.part(found), label, up) if found else None


def of_service(facts: Facts, service: str, up: str) -> Figure | None:
    """What a service does and holds, its events, and which services are at their other end."""
    whole, own = facts.whole, f"service:{service}"
    inside = whole.inside.get(own)
    if not inside:
        return None
    events = {name for name in whole.near(inside) if whole.boxes[name].group is None}
    boxes = {name: whole.boxes[name] for name in inside | events}
    arrows = {arrow for name in boxes for arrow in whole.out.get(name, ()) if arrow.target in boxes}
    for event in events:
        for arrow in (*whole.into.get(event, ()), *whole.out.get(event, ())):
            far = arrow.source if arrow.target == event else arrow.target
            group = whole.boxes[far].group
            if group is not None and group != own:
                other = whole.groups[group]
                boxes[group] = Box(group, other.label, "service", None, at=other.at)
                ends = (group, event) if far == arrow.source else (event, group)
                arrows.add(Arrow(*ends, arrow.kind))
    neighbours = made(whole.picture.title, "service", [whole.groups[own]], list(boxes.values()), arrows)
    picture = Whole(neighbours).part(boxes, inside | events)
    return _figure(facts, picture, f"{service} and its neighbours", up, [own])


def of_owner(facts: Facts, owned: Collection[str], label: str, up: str) -> Figure | None:
    """The services of a team, their events, and the services at their other end."""
    inside = facts.map.boxes.keys() & set(owned)
    if not inside:
        return None
    events = facts.map.near(inside)
    return _figure(facts, facts.map.part(facts.map.near(events - inside) | events, inside), label, up, inside)


def of_system(facts: Facts, up: str) -> Figure:
    """The services and the events between them; of a large system, its teams and who listens to whom."""
    if len(facts.map.boxes) <= 2 * MOST:
        return _figure(facts, facts.map.picture, f"Services of {facts.system.name}, and the events between them", up)
    teams = Whole(_teams(facts))
    return _figure(facts, teams.part(teams.boxes), f"Teams of {facts.system.name}, and who listens to whom", up)


def _teams(facts: Facts) -> Picture:
    system = facts.system
    owner_of = {f"service:{name}": f"owner:{service.owner}" for name, service in system.services.items()}
    boxes = {f"owner:{owner}": Box(f"owner:{owner}", owner, "service") for owner in facts.owners}
    arrows = set()
    for event in system.events:
        sources = {owner_of[arrow.source] for arrow in facts.map.into.get(f"event:{event}", ())}
        targets = {owner_of[arrow.target] for arrow in facts.map.out.get(f"event:{event}", ())}
        arrows |= {
            Arrow(source, target, "consumes")
            for source in sources & boxes.keys()
            for target in targets & boxes.keys()
            if source != target
        }
    picture = made(system.name, "system", (), list(boxes.values()), arrows)
    return replace(picture, notes=(f"Teams, in place of {len(system.services)} services and their events.",))


def _figure(facts: Facts, picture: Picture, label: str, up: str, focus: Collection[str] = ()) -> Figure:
    """A picture as a drawing with links; what it is about is marked."""
    placed = layout(picture)

    def linked(name: str) -> str:
        href = facts.paths.of(name)
        return escape(up + href, quote=True) if href else ""

    parts = "".join(drawing(picture, placed, linked))
    for name in focus:
        said = f'data-id="{escape(name, quote=True)}"'
        parts = parts.replace(said, f"data-focus {said}", 1)
    head = (
        f'<svg class="picture" width="{placed.width}" height="{placed.height}" '
        f'viewBox="0 0 {placed.width} {placed.height}" role="group" aria-label="{escape(label, quote=True)}">'
    )
    return Figure(label, " ".join(picture.notes), f"{head}{parts}</svg>")
