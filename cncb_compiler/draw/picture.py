"""What a picture of a system shows: services as groups, what they do and hold inside, events between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cncb_compiler.graph.system import Emission, LinkedService, LinkedSystem, Send, Write

Shape = Literal["command", "query", "listener", "change", "store", "outlet", "function", "event"]


@dataclass(frozen=True, slots=True)
class Node:
    """A box. `id` is unique in the picture; `group` is the service that it belongs to, None for an event."""

    id: str
    label: str
    shape: Shape
    group: str | None


@dataclass(frozen=True, slots=True)
class Arrow:
    """An arrow between two nodes; `kind` is `publishes`, `consumes`, `writes`, `sends`, `reads` or `captures`."""

    source: str
    target: str
    kind: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Nodes and arrows, sorted; groups are services with their owner."""

    title: str
    groups: tuple[tuple[str, str], ...]
    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]


def picture(system: LinkedSystem) -> Picture:
    """The whole system as a picture."""
    drawing = _Drawing()
    for event in system.events:
        drawing.nodes[f"event:{event}"] = Node(f"event:{event}", event, "event", None)
    groups = []
    for service in system.services.values():
        before = len(drawing.nodes)
        _draw_service(drawing, service)
        if len(drawing.nodes) > before:
            groups.append((service.name, service.owner))
    return Picture(
        system.name,
        tuple(sorted(groups)),
        tuple(sorted(drawing.nodes.values(), key=lambda node: (node.group or "", node.id))),
        tuple(sorted(drawing.arrows, key=lambda arrow: (arrow.source, arrow.target, arrow.kind))),
    )


class _Drawing:
    """Nodes and arrows being gathered."""

    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {}
        self.arrows: set[Arrow] = set()

    def node(self, service: str, section: str, name: str, shape: Shape) -> str:
        identity = f"{service}.{section}.{name}"
        self.nodes[identity] = Node(identity, name, shape, service)
        return identity

    def arrow(self, source: str, target: str, kind: str) -> None:
        self.arrows.add(Arrow(source, target, kind))

    def effect(self, source: str, effect: object, service: str) -> None:
        if isinstance(effect, Emission):
            self.arrow(source, f"event:{effect.event}", "publishes")
        elif isinstance(effect, Write):
            self.arrow(source, f"{service}.store.{effect.store.name}", "writes")
        elif isinstance(effect, Send):
            self.arrow(source, f"{service}.{effect.outlet.kind}.{effect.outlet.name}", "sends")


def _draw_service(drawing: _Drawing, service: LinkedService) -> None:
    name = service.name
    for store in service.tables:
        drawing.node(name, "store", store.name, "store")
    for outlet in service.outlets.values():
        drawing.node(name, outlet.kind, outlet.name, "outlet")
    for command in service.commands:
        drawing.effect(drawing.node(name, "commands", command.construct.name, "command"), command.effect, name)
    for query in service.queries:
        node = drawing.node(name, "queries", query.construct.name, "query")
        drawing.arrow(f"{name}.store.{query.store.name}", node, "reads")
    for change in service.changes:
        node = drawing.node(name, "changes", f"{change.construct.name} changes", "change")
        drawing.arrow(f"{name}.store.{change.store.name}", node, "captures")
        for _, emission in change.captured:
            drawing.effect(node, emission, name)
    for view in service.views:
        if view.collect is None:
            for projection in view.projections:
                drawing.arrow(f"event:{projection.event}", f"{name}.store.{view.store.name}", "consumes")
        else:
            for event in view.collect.events:
                drawing.arrow(f"event:{event}", f"{name}.store.{view.collect.store.name}", "consumes")
            drawing.arrow(f"{name}.store.{view.collect.store.name}", f"{name}.store.{view.store.name}", "captures")
    for reaction in service.reactions:
        node = drawing.node(name, "reactions", reaction.construct.name, "listener")
        for event in reaction.events:
            drawing.arrow(f"event:{event}", node, "consumes")
        drawing.effect(node, reaction.effect, name)
    for transition in service.transitions:
        node = drawing.node(name, "transitions", transition.construct.name, "listener")
        source = f"{name}.store.{transition.collect.store.name}" if transition.collect else None
        for event in transition.events:
            drawing.arrow(f"event:{event}", source or node, "consumes")
        if source:
            drawing.arrow(source, node, "captures")
        drawing.effect(node, transition.emission, name)
    # An arrow from each event would hide all others.
    if service.lake is not None:
        drawing.node(name, "lake", "every event", "store")
    if service.monitor is not None:
        drawing.node(name, "monitor", "every fault", "store")
    for function in service.functions:
        node = drawing.node(name, "functions", function.construct.name, "function")
        for event in function.events:
            drawing.arrow(f"event:{event}", node, "consumes")
        for event in function.publishes:
            drawing.arrow(node, f"event:{event}", "publishes")
        for store in function.reads:
            drawing.arrow(f"{name}.store.{store.name}", node, "reads")
        if function.writes:
            drawing.arrow(node, f"{name}.store.{function.writes.name}", "writes")
