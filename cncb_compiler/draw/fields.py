"""Which field is filled from which: from the fields of events to the columns of views to responses."""

from __future__ import annotations

from cncb_compiler.draw.picture import Arrow, Box, Group, Picture, made
from cncb_compiler.graph.network import lineage
from cncb_compiler.graph.system import LinkedSystem
from cncb_compiler.source.location import Location

CARRIERS = {
    "event": "event",
    "view": "view",
    "store": "store",
    "response": "query",
    "queue": "queue",
    "bus": "bus",
    "command": "command",
}
"""What has fields, by its name in lineage, and the kind of node that it is or belongs to."""


def picture(system: LinkedSystem) -> Picture:
    """Every field that is filled from another, and that other."""
    boxes: dict[str, Box] = {}
    arrows = set()
    for target, source, at in filled(system):
        if _carrier(target) in CARRIERS and _carrier(source) in CARRIERS:
            arrows.add(Arrow(source, target, "maps"))
            boxes.setdefault(source, _box(source, None))
            boxes[target] = _box(target, at)
    groups = {box.group: _group(box.group, system) for box in boxes.values() if box.group}
    return made(system.name, "field", list(groups.values()), list(boxes.values()), arrows)


def filled(system: LinkedSystem) -> list[tuple[str, str, Location]]:
    """The lineage of the system; a response without fields of its own has those of the row."""
    pairs = list(lineage(system))
    columns: dict[str, set[str]] = {}
    for target, _, _ in pairs:
        origin, _, path = target.partition("#")
        columns.setdefault(origin, set()).add(path)
    for service in system.services.values():
        for query in service.queries:
            if query.fields is None:
                response = f"response:{service.name}.{query.construct.name}"
                pairs += [
                    (f"{response}#{path}", f"{query.store.origin}#{path}", query.construct.at)
                    for path in sorted(columns.get(query.store.origin, ()))
                ]
    return pairs


def node_id(field: str) -> str:
    """The name of the node that has a field: of `response:orders.order#id` it is `query:orders.order`."""
    kind, _, name = field.partition("#")[0].partition(":")
    return f"{CARRIERS.get(kind, kind)}:{name}"


def _carrier(field: str) -> str:
    return field.partition(":")[0]


def _box(field: str, at: Location | None) -> Box:
    carrier, _, path = field.partition("#")
    return Box(field, path, "field", carrier, at=at)


def _group(carrier: str, system: LinkedSystem) -> Group:
    kind, _, name = carrier.partition(":")
    service = system.services.get(name.partition(".")[0]) if kind != "event" else None
    return Group(carrier, f"{kind} {name}", CARRIERS[kind], service.owner if service else "")
