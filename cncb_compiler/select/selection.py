"""What a selector selects in a system."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase

from cncb_compiler.graph.network import Node
from cncb_compiler.graph.system import LinkedSystem
from cncb_compiler.select.flow import Flow, flow
from cncb_compiler.select.grammar import (
    Changed,
    Named,
    NothingNamedError,
    Selector,
    SelectorError,
    Term,
    Way,
    parse,
)
from cncb_compiler.source.location import Location

ChangedNodes = Callable[[], Collection[Node]]
"""Asked only where a selector says `changed`."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The selected nodes of the graph, and the services that have any of them (or are selected themselves)."""

    nodes: frozenset[Node]
    services: frozenset[str]
    flow: Flow

    def concerns(self, at: Location) -> bool:
        """Whether a place belongs to something selected, or to no declaration at all (a file that cannot be read)."""
        within = [
            (len(declared.path), node in self.nodes)
            for node, declared in self.flow.declared_at.items()
            if declared.file == at.file and at.path[: len(declared.path)] == declared.path
        ]
        return not within or max(within)[1]


def select(
    system: LinkedSystem, selected: Iterable[str], excluded: Iterable[str] = (), *, changed: ChangedNodes | None = None
) -> Selection:
    """What is selected and not excluded; nothing selected means everything.

    Raises SelectorError; NothingNamedError where it names nothing in this system.

    Without `changed` there is nothing to compare with, and a selector that asks for it is in error.
    """
    chosen, left_out = list(selected), list(excluded)
    resolver = _Resolver(system, flow(system), changed)
    nodes = resolver.union(parse(chosen)) if chosen else set(resolver.flow.nodes)
    if left_out:
        nodes -= resolver.union(parse(left_out))
    owners = {resolver.flow.service_of[node] for node in nodes if node in resolver.flow.service_of}
    return Selection(frozenset(nodes), frozenset(owners), resolver.flow)


def nothing(system: LinkedSystem) -> Selection:
    """No part of a system."""
    return Selection(frozenset(), frozenset(), flow(system))


class _Resolver:
    """Terms to nodes."""

    def __init__(self, system: LinkedSystem, flow: Flow, changed: ChangedNodes | None) -> None:
        self.system = system
        self.flow = flow
        self.changed = changed

    def union(self, selector: Selector) -> set[Node]:
        return set().union(*(self.intersection(terms) for terms in selector))

    def intersection(self, terms: tuple[Term, ...]) -> set[Node]:
        first, *rest = [self.term(term) for term in terms]
        return first.intersection(*rest)

    def term(self, term: Term) -> set[Node]:
        match term.what:
            case Changed():
                start = self.of_changed()
            case Way(begin, end):
                return self.flow.downstream(self.named(begin)) & self.flow.upstream(self.named(end))
            case Named():
                start = self.named(term.what)
        return self.flow.upstream(start, term.up) | self.flow.downstream(start, term.down)

    def of_changed(self) -> set[Node]:
        if self.changed is None:
            raise SelectorError("`changed` needs something to compare with: say `--against REV`")
        return self.with_members(node for node in self.changed() if node in self.flow.nodes)

    def named(self, what: Named) -> set[Node]:
        found = {node for node in self.flow.nodes if self.fits(node, what)}
        if not found:
            raise NothingNamedError(self.nothing(what))
        return self.with_members(found)

    def fits(self, node: Node, what: Named) -> bool:
        kind, name = node
        if what.method == "owner":
            return kind == "service" and fnmatchcase(self.system.services[name].owner, what.pattern)
        if what.method == "kind":
            return kind == "service" and fnmatchcase(self.system.services[name].decl.kind, what.pattern)
        return (not what.method or kind == what.method) and fnmatchcase(name, what.pattern)

    def with_members(self, nodes: Iterable[Node]) -> set[Node]:
        """A service with all that it declares, a stream with all events on it."""
        found = set(nodes)
        return found.union(*(self.flow.members.get(node, ()) for node in found))

    def nothing(self, what: Named) -> str:
        known = sorted(self.names(what.method))
        close = get_close_matches(what.pattern, known, 1, 0.6)
        prefix = f"{what.method}:" if what.method else ""
        if close:
            return f"`{what}` is nothing in `{self.system.name}`. Did you mean `{prefix}{close[0]}`?"
        shown = ", ".join(f"`{prefix}{name}`" for name in known[:10]) + (", ..." if len(known) > 10 else "")
        return f"`{what}` is nothing in `{self.system.name}`. " + (f"There are {shown}." if known else "There is none.")

    def names(self, method: str) -> set[str]:
        if method == "owner":
            return {service.owner for service in self.system.services.values()}
        if method == "kind":
            return {service.decl.kind for service in self.system.services.values()}
        return {name for kind, name in self.flow.nodes if not method or kind == method}
