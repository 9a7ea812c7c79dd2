"""The declarations of a file as a tree: for an editor's outline and its breadcrumbs."""

from __future__ import annotations

from dataclasses import dataclass

from cncb_compiler.source.outline import Place
from cncb_compiler.source.positions import PositionIndex

DEPTH = 4
"""Sections, names, and what a service of the system's own file holds; deeper are details."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A key with its value, at the characters `[start, end)`; `section` holds declarations, others are one."""

    name: str
    start: int
    end: int
    key: tuple[int, int]
    section: bool
    inside: tuple[Declared, ...] = ()


def outline(index: PositionIndex) -> tuple[Declared, ...]:
    """The declarations of a file, in its order."""
    return _inside(index.root, 1) if index.root else ()


def _inside(place: Place, depth: int) -> tuple[Declared, ...]:
    if depth > DEPTH:
        return ()
    return tuple(
        Declared(
            f"{name}: {value.value}" if value.kind == "scalar" and depth == 1 else name,
            key.start,
            max(value.end, key.end),
            (key.start, key.end),
            depth % 2 == 1 and value.kind != "scalar",
            _inside(value, depth + 1),
        )
        for name, (key, value) in place.entries.items()
        if name and (value.kind == "map" or depth == 1)
    )
