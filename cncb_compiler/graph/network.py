"""The linked system as one typed graph.

Edges point the way data flows: from a command to the store that it writes, from an event to who consumes it.
`edges` is plain values, for pictures and the manifest; `network` is the same as a networkx graph, for questions
about paths and cycles.

| node | name |
|---|---|
| `service`, `stream`, `event` | its name |
| `command`, `query`, `view`, `reaction`, `transition`, `change`, `function` | `service.name` |
| `queue`, `bus` | `service.name` |
| `store`, `collected` | `service.name`; the rows of a view are the view itself |
| `field` | as in lineage: `event:order-submitted#order.id` |

| edge | from | to |
|---|---|---|
| `owns` | service | what it declares |
| `carries` | stream | event |
| `publishes` | command, change, function | event |
| `emits` | transition | event |
| `consumes` | event | view, reaction, transition, function |
| `writes` | command, reaction, function, and who collects | store, collected |
| `sends` | reaction | queue, bus |
| `reads` | store, view, collected | query, change, function, and who collects |
| `maps` | field | field that is filled from it |
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, TypeAlias

from msgspec import Struct

from cncb_compiler.graph.system import (
    Construct,
    Emission,
    LinkedCollect,
    LinkedMapping,
    LinkedOutlet,
    LinkedService,
    LinkedStore,
    LinkedSystem,
    Send,
    Write,
)
from cncb_compiler.source.location import Location

if TYPE_CHECKING:
    import networkx as nx

Node: TypeAlias = tuple[str, str]
"""Kind and name."""

EdgeKind: TypeAlias = Literal["owns", "carries", "publishes", "emits", "consumes", "writes", "sends", "reads", "maps"]

KINDS = {
    "commands": "command",
    "queries": "query",
    "views": "view",
    "reactions": "reaction",
    "transitions": "transition",
    "changes": "change",
    "functions": "function",
    "stores": "store",
    "queues": "queue",
    "buses": "bus",
}
"""The kind of node that a construct of each section is."""


JOINED = "events"
"""The origin of a scope that holds several events (`graph.scopes`)."""


class Edge(Struct, frozen=True):
    """A relation between two nodes, and the declaration that makes it."""

    kind: EdgeKind
    source: Node
    target: Node
    at: Location


def construct_node(construct: Construct) -> Node:
    """The node of a construct."""
    return KINDS[construct.section], f"{construct.service}.{construct.name}"


def store_node(store: LinkedStore) -> Node:
    """The node of what holds rows."""
    return store.purpose, f"{store.construct.service}.{store.name}"


def outlet_node(outlet: LinkedOutlet) -> Node:
    """The node of a queue or bus."""
    return outlet.kind, f"{outlet.construct.service}.{outlet.name}"


def edges(system: LinkedSystem, *, fields: bool = False) -> list[Edge]:
    """Every edge of the system once, service by service; with `fields`, the `maps` edges too."""
    found: dict[tuple[EdgeKind, Node, Node], Edge] = {}
    for edge in _edges(system, fields):
        found.setdefault((edge.kind, edge.source, edge.target), edge)
    return list(found.values())


def network(system: LinkedSystem, *, fields: bool = True) -> nx.MultiDiGraph[Node]:
    """The system as a networkx graph; an edge's key is its kind, its attribute `at` its place."""
    import networkx as nx

    graph: nx.MultiDiGraph[Node] = nx.MultiDiGraph(name=system.name)
    graph.add_nodes_from(("service", name) for name in system.services)
    graph.add_nodes_from(("stream", name) for name in system.streams)
    graph.add_nodes_from(("event", name) for name in system.events)
    for edge in edges(system, fields=fields):
        graph.add_edge(edge.source, edge.target, key=edge.kind, at=edge.at)
    return graph


def lineage(system: LinkedSystem) -> Iterator[tuple[str, str, Location]]:
    """Each field with each field that it is filled from, and the mapping's place."""
    for construct, mapping in system.mappings:
        for target, source in traced(construct, mapping):
            yield target, source, mapping.at


def traced(construct: Construct, mapping: LinkedMapping) -> Iterator[tuple[str, str]]:
    """The lineage of one mapping, target and source, each source named as its owner names it.

    Of a change, `store:a.b#new.id` is `store:a.b#id`; of a join, `events#payment-taken.payment.id` is
    `event:payment-taken#payment.id`, and the context is that of each of its events.
    """
    for target, source in mapping.lineage:
        if construct.section == "changes":
            yield target, source.replace("#new.", "#", 1).replace("#old.", "#", 1)
        elif mapping.scope.origin == JOINED:
            yield from ((target, owned) for owned in _joined_sources(source, mapping))
        else:
            yield target, source


def _joined_sources(source: str, mapping: LinkedMapping) -> Iterator[str]:
    first, dot, rest = source.removeprefix(f"{JOINED}#").partition(".")
    if first == "context":
        yield from (f"event:{event}#context{dot}{rest}" for event in mapping.scope.root.fields if event != "context")
    elif first in mapping.scope.root.fields and rest:
        yield f"event:{first}#{rest}"


def _edges(system: LinkedSystem, fields: bool) -> Iterator[Edge]:
    for event in system.events.values():
        if event.stream in system.streams:
            yield Edge("carries", ("stream", event.stream), ("event", event.name), event.at)
    for service in system.services.values():
        yield from _service(service)
    for event_name, consumers in system.consumers.items():
        for construct in consumers:
            yield Edge("consumes", ("event", event_name), construct_node(construct), construct.at)
    if fields:
        for target, source, at in lineage(system):
            yield Edge("maps", ("field", source), ("field", target), at)


def _service(service: LinkedService) -> Iterator[Edge]:
    owner: Node = ("service", service.name)
    for table in service.tables:
        yield Edge("owns", owner, store_node(table), table.construct.at)
    for outlet in service.outlets.values():
        yield Edge("owns", owner, outlet_node(outlet), outlet.construct.at)
    for construct in constructs(service):
        if construct.section != "views":
            yield Edge("owns", owner, construct_node(construct), construct.at)
    for command in service.commands:
        if command.effect is not None:
            yield _effect(command.effect)
    for reaction in service.reactions:
        if isinstance(reaction.effect, (Write, Send)):
            yield _effect(reaction.effect)
    for query in service.queries:
        yield Edge("reads", store_node(query.store), construct_node(query.construct), query.construct.at)
    for change in service.changes:
        yield Edge("reads", store_node(change.store), construct_node(change.construct), change.construct.at)
        for _, emission in change.captured:
            yield _effect(emission)
    for view in service.views:
        if view.collect is not None:
            yield from _collected(view.construct, view.collect)
    for transition in service.transitions:
        yield _effect(transition.emission)
        if transition.collect is not None:
            yield from _collected(transition.construct, transition.collect)
    for function in service.functions:
        node = construct_node(function.construct)
        for event in function.publishes:
            yield Edge("publishes", node, ("event", event), function.construct.at)
        for store in function.reads:
            yield Edge("reads", store_node(store), node, function.construct.at)
        if function.writes is not None:
            yield Edge("writes", node, store_node(function.writes), function.construct.at)


def constructs(service: LinkedService) -> Iterator[Construct]:
    """Everything that a service does."""
    for group in (
        service.commands,
        service.queries,
        service.views,
        service.reactions,
        service.transitions,
        service.changes,
        service.functions,
    ):
        for linked in group:
            yield linked.construct


def _effect(effect: Write | Emission | Send) -> Edge:
    node = construct_node(effect.construct)
    if isinstance(effect, Write):
        return Edge("writes", node, store_node(effect.store), effect.at)
    if isinstance(effect, Send):
        return Edge("sends", node, outlet_node(effect.outlet), effect.at)
    kind: EdgeKind = "emits" if effect.construct.section == "transitions" else "publishes"
    return Edge(kind, node, ("event", effect.event), effect.at)


def _collected(construct: Construct, collect: LinkedCollect) -> Iterator[Edge]:
    node, store = construct_node(construct), store_node(collect.store)
    yield Edge("writes", node, store, construct.at)
    yield Edge("reads", store, node, construct.at)
