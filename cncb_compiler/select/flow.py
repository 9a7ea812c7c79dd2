"""How events and data flow through a system, as what a selector walks along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cncb_compiler.graph.network import Node, edges
from cncb_compiler.graph.system import LinkedSystem
from cncb_compiler.source.location import Location

BELONGING = frozenset({"owns", "carries"})
"""Edges that say what belongs to what; nothing flows along them."""


@dataclass(slots=True)
class Flow:
    """The nodes of a system: what follows each, what leads to each, where it is declared, and by which service.

    `members` are what a service declares and what a stream carries.
    """

    nodes: set[Node] = field(default_factory=set)
    following: dict[Node, set[Node]] = field(default_factory=dict)
    leading: dict[Node, set[Node]] = field(default_factory=dict)
    members: dict[Node, set[Node]] = field(default_factory=dict)
    service_of: dict[Node, str] = field(default_factory=dict)
    declared_at: dict[Node, Location] = field(default_factory=dict)

    def downstream(self, nodes: Iterable[Node], steps: int | None = None) -> set[Node]:
        """The nodes with all that follows within so many steps (None: all)."""
        return _walk(self.following, nodes, steps)

    def upstream(self, nodes: Iterable[Node], steps: int | None = None) -> set[Node]:
        """The nodes with all that leads to them within so many steps (None: all)."""
        return _walk(self.leading, nodes, steps)


def flow(system: LinkedSystem) -> Flow:
    """The flow of a whole system."""
    made = Flow()
    made.declared_at.update((("service", name), service.at) for name, service in system.services.items())
    made.declared_at.update((("stream", name), stream.at) for name, stream in system.streams.items())
    made.declared_at.update((("event", name), event.at) for name, event in system.events.items())
    made.nodes.update(made.declared_at)
    for edge in edges(system):
        made.nodes.update((edge.source, edge.target))
        if edge.kind in BELONGING:
            made.members.setdefault(edge.source, set()).add(edge.target)
            if edge.kind == "owns":
                made.service_of[edge.target] = edge.source[1]
                made.declared_at[edge.target] = edge.at
        else:
            made.following.setdefault(edge.source, set()).add(edge.target)
            made.leading.setdefault(edge.target, set()).add(edge.source)
    made.service_of.update({("service", name): name for name in system.services})
    return made


def _walk(steps_from: Mapping[Node, set[Node]], nodes: Iterable[Node], steps: int | None) -> set[Node]:
    seen = set(nodes)
    edge = set(seen)
    while edge and (steps is None or steps > 0):
        edge = {after for node in edge for after in steps_from.get(node, ())} - seen
        seen |= edge
        steps = None if steps is None else steps - 1
    return seen
