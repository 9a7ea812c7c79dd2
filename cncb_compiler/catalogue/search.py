"""What the search looks in: everything that has a page or an anchor, with the words by which it is found."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from cncb_compiler.catalogue.facts import Facts, node_of
from cncb_compiler.catalogue.paths import anchor
from cncb_compiler.graph.network import constructs
from cncb_compiler.graph.system import LinkedService
from cncb_compiler.schema.types import Type
from cncb_compiler.schema.walk import fields

_FIELDS = 100
"""How many fields of one thing are looked in."""

Entry = tuple[str, str, str, str, str]
"""Kind, name, path from the top of the site, further words (description, route), and fields as their anchors."""


def entries(facts: Facts) -> list[Entry]:
    """The index, by kind and name."""
    return sorted(_entries(facts))


def _entries(facts: Facts) -> Iterator[Entry]:
    system = facts.system
    for event in system.events.values():
        page = facts.paths.page("event", event.name)
        yield "event", event.name, page, event.decl.description, _fields(facts, event.own)
    for name, type_ in system.types.named.items():
        yield "type", name, facts.paths.page("type", name), "", _fields(facts, type_)
    for process in facts.processes:
        words = " ".join(moment.event for moment in process.moments)
        yield "process", process.name, facts.paths.page("process", process.name), words, ""
    for owner in facts.owners:
        yield "owner", owner, facts.paths.page("owner", owner), "", ""
    for name, stream in system.streams.items():
        yield "stream", name, facts.paths.of(f"stream:{name}"), stream.decl.description, ""
    for service in system.services.values():
        words = f"{service.decl.description} {service.owner} {service.decl.kind}"
        yield "service", service.name, facts.paths.page("service", service.name), words.strip(), ""
        yield from _inside(facts, service)


def _inside(facts: Facts, service: LinkedService) -> Iterator[Entry]:
    declared = {
        linked.construct: linked.decl
        for group in (service.commands, service.queries, service.reactions, service.transitions, service.functions)
        for linked in group
    }
    for construct in constructs(service):
        if construct.section == "views":
            continue
        decl = declared.get(construct)
        words = " ".join(str(getattr(decl, key, None) or "") for key in ("route", "description")).strip()
        node = node_of(construct)
        yield node.partition(":")[0], f"{service.name}.{construct.name}", facts.paths.of(node), words, ""
    for store in (*service.stores.values(), *(view.store for view in service.views)):
        kind = store.origin.partition(":")[0]
        yield kind, f"{service.name}.{store.name}", facts.paths.of(store.origin), "", _fields(facts, store.record)
    for outlet in service.outlets.values():
        yield (
            outlet.kind,
            f"{service.name}.{outlet.name}",
            facts.paths.of(outlet.origin),
            "",
            _fields(facts, outlet.record),
        )


def _fields(facts: Facts, type_: Type) -> str:
    return " ".join(anchor(path) for path, _ in islice(fields(type_, facts.system.types), _FIELDS))
