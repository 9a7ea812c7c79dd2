"""What a picture shows: boxes, in groups or alone, and arrows between them; the same for every level and format."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from cncb_compiler.source.location import Location

Level = Literal["system", "service", "field"]
"""Services and the events between them; what services do and hold; fields and what they are filled from."""

PAGE = "`cncb graph --format html -o graph.html`"
"""What shows whatever a picture leaves out."""


class Mark(StrEnum):
    """How something differs from the revision that is compared with."""

    NONE = ""
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"

    def of(self, label: str) -> str:
        """A label that says the mark, so that it is seen without colours."""
        return f"{self.value}: {label}" if self else label


@dataclass(frozen=True, slots=True)
class Box:
    """A box. `id` is its name in the graph (`event:order-submitted`); `group` is the id of its group, None for none."""

    id: str
    label: str
    kind: str
    group: str | None = None
    mark: Mark = Mark.NONE
    at: Location | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A service with its owner, or what has the fields."""

    id: str
    label: str
    kind: str
    owner: str = ""
    mark: Mark = Mark.NONE
    at: Location | None = None


@dataclass(frozen=True, slots=True)
class Arrow:
    """An arrow the way data flows; `kind` is that of the edge (`graph.network`)."""

    source: str
    target: str
    kind: str
    mark: Mark = Mark.NONE


@dataclass(frozen=True, slots=True)
class Picture:
    """Boxes, groups and arrows, each sorted. `notes` say what is not in it, and how to see it."""

    title: str
    level: Level
    groups: tuple[Group, ...]
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    notes: tuple[str, ...] = ()

    def noted(self, *notes: str) -> Picture:
        """The picture with more to say."""
        return replace(self, notes=(*self.notes, *(note for note in notes if note)))


def made(
    title: str, level: Level, groups: Collection[Group], boxes: Collection[Box], arrows: Collection[Arrow]
) -> Picture:
    """A picture in its order; groups that have no box are left out."""
    used = {box.group for box in boxes}
    return Picture(
        title,
        level,
        tuple(sorted((group for group in groups if group.id in used), key=lambda group: group.id)),
        tuple(sorted(boxes, key=lambda box: (box.group or "", box.id))),
        tuple(sorted(arrows, key=lambda arrow: (arrow.source, arrow.target, arrow.kind))),
    )


def restricted(picture: Picture, names: Collection[str]) -> Picture:
    """The boxes of these names, and the arrows between them."""
    boxes = [box for box in picture.boxes if box.id in names]
    arrows = [arrow for arrow in picture.arrows if arrow.source in names and arrow.target in names]
    return replace(made(picture.title, picture.level, picture.groups, boxes, arrows), notes=picture.notes)


def collapsed(picture: Picture) -> Picture:
    """Each group as one box: the services, and the events between them.

    What differs inside of a service is a change of the service.
    """
    groups = {group.id: group for group in picture.groups}
    inside = {box.group for box in picture.boxes if box.mark}
    boxes = [box for box in picture.boxes if box.group is None]
    for group in groups.values():
        mark = group.mark or (Mark.CHANGED if group.id in inside else Mark.NONE)
        boxes.append(Box(group.id, group.label, group.kind, None, mark, group.at))
    owner = {box.id: box.group or box.id for box in picture.boxes}
    marks: dict[tuple[str, str, str], set[Mark]] = {}
    for arrow in picture.arrows:
        source, target = owner[arrow.source], owner[arrow.target]
        if source != target:
            kind = "publishes" if source in groups else "consumes"
            marks.setdefault((source, target, kind), set()).add(arrow.mark)
    arrows = [Arrow(*ends, _together(found)) for ends, found in marks.items()]
    return replace(made(picture.title, "system", (), boxes, arrows), notes=picture.notes)


def near(picture: Picture, centre: Collection[str], steps: int) -> set[str]:
    """The ids of what is so many arrows away from the centre, in either direction; the centre too."""
    beside: dict[str, set[str]] = {}
    for arrow in picture.arrows:
        beside.setdefault(arrow.source, set()).add(arrow.target)
        beside.setdefault(arrow.target, set()).add(arrow.source)
    found = set(centre)
    for _ in range(steps):
        found |= {other for one in found for other in beside.get(one, ())}
    return found


def _together(marks: set[Mark]) -> Mark:
    return marks.pop() if len(marks) == 1 else Mark.NONE if Mark.NONE in marks else Mark.CHANGED
