"""Where sensitive fields flow."""

from __future__ import annotations

from collections.abc import Iterator

from cncb_compiler.compare.side import Side
from cncb_compiler.graph.network import traced
from cncb_compiler.graph.system import Construct
from cncb_compiler.schema.walk import lookup
from cncb_compiler.source.location import Location

_KEPT = ("view:", "store:", "event:", "response:")


def flows(side: Side) -> Iterator[tuple[str, str, Construct, Location]]:
    """Each field that is kept, published or answered, with what it is filled from."""
    for construct, mapping in side.system.mappings:
        for target, source in traced(construct, mapping):
            if target.startswith(_KEPT) and not source.endswith("#*"):
                yield target, source, construct, mapping.at


def is_sensitive(side: Side, name: str) -> bool:
    """Whether a field, as lineage names it, is marked sensitive, or lies in one that is."""
    origin, _, path = name.partition("#")
    kind, _, owner = origin.partition(":")
    system = side.system
    if kind == "event" and owner in system.events:
        field = lookup(system.events[owner].record, path, system.types)
        return field is not None and field.sensitive
    service, _, own = owner.partition(".")
    if service not in system.services:
        return False
    if kind == "command":
        inputs = [one.input for one in system.services[service].commands if one.construct.name == own and one.input]
        field = lookup(inputs[0], path.removeprefix("input."), system.types) if inputs else None
        return field is not None and field.sensitive
    for table in system.services[service].tables:
        if table.origin == origin:
            field = lookup(table.record, path, system.types)
            return field is not None and field.sensitive
    return False
