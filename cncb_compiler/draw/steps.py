"""Every field with its type and the fields that it is passed on to, for a page that follows one through the system."""

from __future__ import annotations

from dataclasses import dataclass, field

from cncb_compiler.compare.readers import Readers
from cncb_compiler.compare.side import Side
from cncb_compiler.draw.fields import CARRIERS
from cncb_compiler.graph.network import KINDS
from cncb_compiler.lineage.fields import known_fields
from cncb_compiler.lineage.walk import Ways

_SAID = {"guard": "decides", "key": "finds a row", "call": "hook"}


@dataclass(slots=True)
class Carrier:
    """What has fields: `node` is what it is, or belongs to. `fields` are paths and types."""

    name: str
    label: str
    kind: str
    node: str
    fields: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Fields:
    """All fields, numbered in the order of their carriers; `steps` lead from number to number, the way data flows.

    A step is `unsure` (1) where a hook makes something of the whole: nobody but its author knows whether the field has
    to do with it.
    """

    carriers: list[Carrier]
    steps: list[tuple[int, int, int]]


def fields(side: Side) -> Fields:
    """The fields of a revision and their lineage, as `cncb lineage` follows it."""
    known = known_fields(side.system)
    ways = Ways(side.system, Readers(side, "after"), known)
    types = {name: one.type for name, one in known.items()}
    found: dict[tuple[str, str], bool] = {}
    waiting = list(types)
    while waiting:
        name = waiting.pop()
        for step in ways.next(name):
            if step.field not in types:
                types[step.field] = ""
                waiting.append(step.field)
            link = name, step.field
            found[link] = found.get(link, True) and step.unsure
    carriers: dict[str, Carrier] = {}
    for name, type_ in sorted(types.items()):
        origin, _, path = name.partition("#")
        if origin not in carriers:
            carriers[origin] = _carrier(origin)
        carriers[origin].fields.append((path, type_))
    ordered = [f"{one.name}#{path}" if path else one.name for one in carriers.values() for path, _ in one.fields]
    number = {name: index for index, name in enumerate(ordered)}
    steps = sorted((number[source], number[target], int(unsure)) for (source, target), unsure in found.items())
    return Fields(list(carriers.values()), steps)


def _carrier(origin: str) -> Carrier:
    kind, _, name = origin.partition(":")
    if kind in ("guard", "call"):
        service, section, own = name.split(".", 2)
        node = f"{KINDS.get(section, section)}:{service}.{own}"
        return Carrier(origin, f"{_SAID[kind]}: {own}", node.partition(":")[0], node)
    if kind == "key":
        return Carrier(origin, f"{_SAID[kind]} of {name.partition(':')[2]}", name.partition(":")[0], name)
    node_kind = CARRIERS.get(kind, kind)
    return Carrier(origin, f"{kind} {name}", node_kind, f"{node_kind}:{name}")
