"""Who reads a field of a revision, directly and through what is filled from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from cncb_compiler.compare.change import Affected, SideName
from cncb_compiler.compare.parties import node_of
from cncb_compiler.compare.side import Side
from cncb_compiler.graph.network import traced
from cncb_compiler.graph.system import Construct
from cncb_compiler.source.location import Location

WHOLE = "*"
"""The path of a read of everything: by a hook, or by a function of the team's own."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One read of a field: by which construct, what it is for (a target as in lineage), and where that is said."""

    path: str
    construct: Construct
    target: str
    at: Location


class Readers:
    """The reads of one revision, by origin (`event:order-submitted`, `store:orders.orders`)."""

    def __init__(self, side: Side, name: SideName) -> None:
        self._side = side
        self._name = name

    @cached_property
    def by_origin(self) -> dict[str, list[Reading]]:
        """Every read, by the origin of what is read."""
        found: dict[str, list[Reading]] = defaultdict(list)
        system = self._side.system
        for construct, mapping in system.mappings:
            for target, source in traced(construct, mapping):
                origin, _, path = source.partition("#")
                found[origin].append(Reading(path, construct, target, mapping.at))
        for service in system.services.values():
            for query in service.queries:
                if query.fields is None:
                    target = f"response:{service.name}.{query.construct.name}"
                    found[query.store.origin].append(Reading(WHOLE, query.construct, target, query.construct.at))
            for view in service.views:
                if view.evaluate is not None and view.collect is not None:
                    self._whole(found, view.collect.events, view.construct, view.store.origin, view.evaluate.at)
            for function in service.functions:
                self._whole(found, function.events, function.construct, "", function.construct.at)
            for transition in service.transitions:
                fields = transition.emission.fields
                if transition.collect is not None and fields.hooks:
                    target = f"event:{transition.emission.event}"
                    self._whole(found, transition.events, transition.construct, target, fields.at)
        return found

    @staticmethod
    def _whole(
        found: dict[str, list[Reading]], events: tuple[str, ...], construct: Construct, target: str, at: Location
    ) -> None:
        for event in events:
            found[f"event:{event}"].append(Reading(WHOLE, construct, target, at))

    @cached_property
    def _filled(self) -> dict[str, list[tuple[str, str]]]:
        """What is filled in each target: the path there, and the source."""
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for readings in self.by_origin.items():
            for one in readings[1]:
                target, _, path = one.target.partition("#")
                found[target].append((path, f"{readings[0]}#{one.path}"))
        return found

    def traits(self, origin: str, path: str) -> frozenset[tuple[str, str]]:
        """By what a field is known apart from its name: what it is filled from, and what is filled from it."""
        written = {("from", source) for at, source in self._filled.get(origin, ()) if _at(at, path)}
        read = {("to", one.target) for one in self.by_origin.get(origin, ()) if _at(one.path, path)}
        return frozenset(written | read)

    def affected(self, origin: str, path: str) -> tuple[Affected, ...]:
        """Everybody whom a change of this field touches, sorted; each node once, the nearest way."""
        found: dict[str, Affected] = {}
        waiting = [(origin, path, "")]
        seen = {(origin, path)}
        while waiting:
            here, below, through = waiting.pop(0)
            for reading in sorted(self._reads(here, below), key=_telling):
                node = _node(reading)
                if node not in found:
                    found[node] = Affected(
                        reading.construct.service, node, _why(reading), through, self._name, reading.at
                    )
                target, _, inner = reading.target.partition("#")
                # An event that is published anew has readers, and changes, of its own; and what a hook makes of the
                # whole is known to nobody but its author.
                if inner and reading.path != WHOLE and not target.startswith("event:"):
                    further = inner + _rest(below, reading.path)
                    if (target, further) not in seen:
                        seen.add((target, further))
                        waiting.append((target, further, node))
        return tuple(sorted(found.values()))

    def _reads(self, origin: str, path: str) -> Iterator[Reading]:
        for reading in self.by_origin.get(origin, ()):
            if overlap(reading.path, path):
                yield reading
        if origin.startswith("event:"):
            for carrying in self.contexts.get(origin[6:], ()):
                for reading in self.by_origin.get(f"event:{carrying}", ()):
                    if reading.path.startswith("context.") and overlap(reading.path[8:], path):
                        yield reading

    @cached_property
    def contexts(self) -> dict[str, tuple[str, ...]]:
        """Of each event that begins a process: the events that carry its fields as their context."""
        system = self._side.system
        steps: dict[str, set[str]] = defaultdict(set)
        for service in system.services.values():
            for transition in service.transitions:
                emitted = system.events.get(transition.emission.event)
                if emitted is not None and emitted.decl.context:
                    for event in transition.events:
                        steps[event].add(emitted.name)
        kept = _stored_contexts(self._side)
        for event, carried in kept.items():
            steps[event] |= carried
        found = {}
        for event in steps:
            if event in system.events and not system.events[event].decl.context:
                reached: set[str] = set()
                waiting = sorted(steps[event])
                while waiting:
                    one = waiting.pop()
                    if one not in reached:
                        reached.add(one)
                        waiting += sorted(steps.get(one, ()))
                found[event] = tuple(sorted(reached))
        return found


def _stored_contexts(side: Side) -> dict[str, set[str]]:
    """Events whose context is kept in a row, to the events that its changes publish with that context."""
    stored: dict[str, set[str]] = defaultdict(set)
    published: dict[str, set[str]] = defaultdict(set)
    for construct, mapping in side.system.mappings:
        for target, source in traced(construct, mapping):
            if source.startswith("event:") and source.endswith("#context") and target.startswith("store:"):
                stored[target].add(source[6:-8])
            elif source.startswith("store:") and target.startswith("event:") and target.endswith("#context"):
                published[source].add(target[6:-8])
    found: dict[str, set[str]] = defaultdict(set)
    for field, events in stored.items():
        for event in events:
            found[event] |= published.get(field, set())
    return found


def overlap(one: str, other: str) -> bool:
    """Whether two paths mean something in common: the same, or the one inside the other."""
    if WHOLE in (one, other) or one == other:
        return True
    shorter, longer = sorted((one, other), key=len)
    return longer.startswith(shorter) and longer[len(shorter)] in ".["


def _rest(path: str, read: str) -> str:
    """What of a path lies inside of what is read."""
    return path[len(read) :] if path != read and path.startswith(read) else ""


def _at(path: str, field: str) -> bool:
    return path == field or (path.startswith(field) and path[len(field)] in ".[")


def _telling(reading: Reading) -> bool:
    """What is kept or said of a field tells more than that something is decided or found by it."""
    return reading.target.startswith(("guard:", "key:"))


def _node(reading: Reading) -> str:
    if reading.target.startswith("response:"):
        return reading.target.partition("#")[0]
    return node_of(reading.construct)


def _why(reading: Reading) -> str:
    target, _, field = reading.target.partition("#")
    kind = target.partition(":")[0]
    if not target or kind == "call":
        return "may read it: it gets the whole"
    if kind == "guard":
        return "decides by it"
    if kind == "key":
        return "finds its row by it"
    if field == "partitionKey":
        return f"orders {target[6:]} by it"
    if field == "correlation":
        return "correlates by it"
    if reading.path == WHOLE and kind != "response":
        return "may read it: a hook gets the whole"
    if kind == "response":
        return f"answers with it as `{field}`" if field else "answers with it"
    if kind == "event":
        return f"publishes it as `{field}` of {target[6:]}" if field else f"publishes it in {target[6:]}"
    return f"keeps it as `{field}`" if field else "keeps it"
