"""What the services of a system do and hold, and the events between them."""

from __future__ import annotations

from collections.abc import Iterator

from cncb_compiler.draw.picture import Arrow, Box, Group, Picture, made
from cncb_compiler.graph.network import Edge, Node, edges
from cncb_compiler.graph.system import LinkedSystem

_NOT_DRAWN = frozenset({"owns", "carries"})


def picture(system: LinkedSystem) -> Picture:
    """The whole system."""
    found = edges(system)
    groups = [
        Group(f"service:{name}", name, "service", service.owner, at=service.at)
        for name, service in system.services.items()
    ]
    boxes = {f"event:{name}": Box(f"event:{name}", name, "event", at=event.at) for name, event in system.events.items()}
    for edge in found:
        if edge.kind == "owns":
            kind, name = edge.target
            boxes[named(edge.target)] = Box(
                named(edge.target), _label(kind, name), kind, f"service:{edge.source[1]}", at=edge.at
            )
    for box in _keepers(system):
        boxes[box.id] = box
    return made(system.name, "service", groups, list(boxes.values()), _arrows(found))


def _keepers(system: LinkedSystem) -> Iterator[Box]:
    """What lake and monitor keep. An arrow from each event would hide all others."""
    for name, service in system.services.items():
        if service.lake is not None:
            yield Box(f"lake:{name}", "every event", "lake", f"service:{name}", at=service.at)
        if service.monitor is not None:
            yield Box(f"monitor:{name}", "every fault", "monitor", f"service:{name}", at=service.at)


def named(node: Node) -> str:
    """The name of a node in pictures, lineage and differences: `view:storefront.products`."""
    return f"{node[0]}:{node[1]}"


def _label(kind: str, name: str) -> str:
    own = name.partition(".")[2]
    return f"{own} changes" if kind == "change" else own


def _arrows(found: list[Edge]) -> set[Arrow]:
    """The arrows; events that are collected go to where they wait, and from there to who collects them."""
    waiting = {edge.source: edge.target for edge in found if edge.kind == "writes" and edge.target[0] == "collected"}
    arrows = set()
    for edge in found:
        if edge.kind in _NOT_DRAWN or waiting.get(edge.source) == edge.target:
            continue
        target = waiting.get(edge.target, edge.target) if edge.kind == "consumes" else edge.target
        arrows.add(Arrow(named(edge.source), named(target), edge.kind))
    return arrows
