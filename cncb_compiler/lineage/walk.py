"""The ways of a field: back to what it is filled from, on to what is filled from it, mapping by mapping."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from cncb_compiler.compare.readers import WHOLE, Readers, overlap
from cncb_compiler.draw.fields import filled
from cncb_compiler.graph.system import LinkedSystem
from cncb_compiler.source.location import Location

_Next: TypeAlias = tuple[str, Location, bool]
_Following: TypeAlias = Callable[[str], Iterator[_Next]]
_ENDLESS = sys.maxsize


@dataclass(frozen=True, slots=True)
class Step:
    """A field that is next on the way, the mapping that leads there, and what is next from it.

    `again`: what follows is said on another way. `unsure`: made by a hook of the whole, so nobody but its author knows
    whether the field has to do with it; the way ends here.
    """

    field: str
    at: Location
    steps: tuple[Step, ...] = ()
    again: bool = False
    unsure: bool = False


class Ways:
    """The lineage of a system, in both directions."""

    def __init__(self, system: LinkedSystem, readers: Readers, known: Collection[str]) -> None:
        self._system = system
        self._known = known
        self._contexts = readers.contexts
        self._carried = defaultdict(list)
        for begins, events in self._contexts.items():
            for event in events:
                self._carried[event].append(begins)
        self._from: dict[str, list[tuple[str, str, Location]]] = defaultdict(list)
        self._to: dict[str, list[tuple[str, str, Location]]] = defaultdict(list)
        for target, source, at in filled(system):
            here, _, path = target.partition("#")
            origin, _, below = source.partition("#")
            self._from[here].append((path, source, at))
            self._to[origin].append((below, target, at))

    def back(self, field: str, depth: int = _ENDLESS) -> tuple[Step, ...]:
        """What the field is filled from, and that from what, so many steps."""
        return self._steps(field, self._sources, {field}, depth)

    def on(self, field: str, depth: int = _ENDLESS) -> tuple[Step, ...]:
        """What is filled from the field, or decided by it, and what from that, so many steps."""
        return self._steps(field, self._targets, {field}, depth)

    def next(self, field: str) -> Iterator[Step]:
        """What is filled from the field, or decided by it, without what follows from that."""
        for name, at, unsure in self._targets(field):
            yield Step(name, at, unsure=unsure)

    def _steps(self, field: str, following: _Following, seen: set[str], depth: int) -> tuple[Step, ...]:
        nearest: dict[str, tuple[Location, bool]] = {}
        for name, at, unsure in following(field):
            if name not in nearest or (nearest[name][1] and not unsure):
                nearest[name] = at, unsure
        fresh = {name for name, (_, unsure) in nearest.items() if name not in seen and not unsure}
        seen |= fresh
        return tuple(
            Step(
                name,
                at,
                self._steps(name, following, seen, depth - 1) if name in fresh and depth > 1 else (),
                name not in fresh and not unsure,
                unsure,
            )
            for name, (at, unsure) in sorted(nearest.items())
        )

    def _sources(self, field: str) -> Iterator[_Next]:
        here, _, path = field.partition("#")
        yield from self._ends(self._from[here], path)
        kind, _, event = here.partition(":")
        if kind == "event" and path.startswith("context."):
            for begins in self._carried.get(event, ()):
                begun = f"event:{begins}#{path.removeprefix('context.')}"
                if begun in self._known:
                    yield begun, self._system.events[event].at, False

    def _targets(self, field: str) -> Iterator[_Next]:
        here, _, path = field.partition("#")
        yield from self._ends(self._to[here], path)
        kind, _, event = here.partition(":")
        if kind == "event":
            for carrying in self._contexts.get(event, ()):
                carried = f"context.{path}"
                if any(overlap(read, carried) for read, _, _ in self._to[f"event:{carrying}"] if read != WHOLE):
                    yield f"event:{carrying}#{carried}", self._system.events[carrying].at, False

    def _ends(self, mapped: list[tuple[str, str, Location]], path: str) -> Iterator[_Next]:
        """The other ends of what has to do with a path; the same part of them, where the whole is mapped."""
        for own, other, at in mapped:
            if overlap(own, path):
                rest = path[len(own) :] if path.startswith(own) else ""
                part = other + rest
                # What is inside of a context is declared nowhere.
                is_field = part in self._known or "context" in other.partition("#")[2].split(".")
                yield (part if is_field else other), at, WHOLE in (own, other.partition("#")[2])
