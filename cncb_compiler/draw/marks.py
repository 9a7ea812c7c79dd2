"""Two revisions in one picture: what is there no more is drawn too, and what differs is marked."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from cncb_compiler.compare.compare import Differences
from cncb_compiler.compare.compared import Compared
from cncb_compiler.draw.picture import Arrow, Box, Group, Mark, Picture, made

_OF_SERVICES = frozenset({"service", "lake", "monitor"})
"""The kinds of boxes that have the name of their service."""

Renamed = Callable[[str], str]
"""The name that something has after, by the one that it had before."""


def renamed(differences: Differences) -> Renamed:
    """How names of the side before are said after."""
    compared = Compared(differences.before, differences.after)

    def after(name: str) -> str:
        kind, _, own = name.partition(":")
        if kind in _OF_SERVICES:
            return f"{kind}:{compared.services.new_names.get(own, own)}"
        return compared.name_after(name) if "#" in name else compared.name_after(f"{name}#").rstrip("#")

    return after


def marked(before: Picture, after: Picture, changed: Collection[str], name_after: Renamed) -> Picture:
    """What is in either picture; `changed` are the names (after) of what differs on both sides."""
    old = {name_after(box.id): box for box in before.boxes}
    new = {box.id: box for box in after.boxes}
    old_groups = {name_after(group.id): group for group in before.groups}
    new_groups = {group.id: group for group in after.groups}
    boxes = [replace(box, mark=_mark(box.id, old, changed)) for box in after.boxes]
    boxes += [_gone(box, name, name_after) for name, box in old.items() if name not in new]
    groups = [replace(group, mark=_mark(group.id, old_groups, changed)) for group in after.groups]
    groups += [
        Group(name, group.label, group.kind, group.owner, Mark.REMOVED, group.at)
        for name, group in old_groups.items()
        if name not in new_groups
    ]
    was = {Arrow(name_after(arrow.source), name_after(arrow.target), arrow.kind) for arrow in before.arrows}
    arrows = [arrow if arrow in was else replace(arrow, mark=Mark.ADDED) for arrow in after.arrows]
    arrows += [replace(arrow, mark=Mark.REMOVED) for arrow in was - set(after.arrows)]
    return made(after.title, after.level, groups, boxes, arrows)


def _mark(name: str, old: Collection[str], changed: Collection[str]) -> Mark:
    if name not in old:
        return Mark.ADDED
    return Mark.CHANGED if name in changed else Mark.NONE


def _gone(box: Box, name: str, name_after: Renamed) -> Box:
    return replace(box, id=name, group=name_after(box.group) if box.group else None, mark=Mark.REMOVED)
