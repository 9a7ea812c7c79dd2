"""What there is to know about each node of a picture, for the page: what a click on it shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from cncb_compiler.compare.side import Side
from cncb_compiler.draw.services import named
from cncb_compiler.graph.network import construct_node, outlet_node, store_node
from cncb_compiler.graph.system import (
    Construct,
    LinkedChange,
    LinkedCommand,
    LinkedEvent,
    LinkedFunction,
    LinkedMapping,
    LinkedOutlet,
    LinkedQuery,
    LinkedReaction,
    LinkedService,
    LinkedStore,
    LinkedTransition,
    LinkedView,
)
from cncb_compiler.source.location import Location

Fact = tuple[str, str]


@dataclass(slots=True)
class Detail:
    """What is known of one node. `at` is its declaration; `fields` names what its schema is listed under."""

    at: Location
    description: str = ""
    owner: str = ""
    facts: list[Fact] = field(default_factory=list)
    fields: str = ""
    stream: str = ""
    service_kind: str = ""


def details(side: Side) -> dict[str, Detail]:
    """Of every event, service, and what services do and hold, by its name in pictures."""
    system = side.system
    found = {f"event:{event.name}": _event(event, side) for event in system.events.values()}
    for service in system.services.values():
        found[f"service:{service.name}"] = _service(service)
        for name, detail in _inside(service):
            detail.owner = service.owner
            detail.service_kind = service.decl.kind
            found[name] = detail
    return found


def _event(event: LinkedEvent, side: Side) -> Detail:
    decl = event.decl
    publishers = {emission.construct.service for emission in side.system.emissions.get(event.name, ())}
    owners = list(decl.owner) or sorted(publishers)
    teams = sorted({service.owner for name in owners if (service := side.system.services.get(name))})
    facts = [
        ("stream", event.stream),
        ("owner", ", ".join(owners)),
        ("entity", decl.entity or ""),
        ("partition key", decl.partition_key or ""),
        ("stability", decl.stability),
        ("carries context", "yes" if decl.context else ""),
        ("published", "outside of the system" if decl.external else ""),
    ]
    return Detail(event.at, decl.description, ", ".join(teams), _said(facts), f"event:{event.name}", event.stream)


def _service(service: LinkedService) -> Detail:
    decl = service.decl
    kinds = [("kind", decl.kind), ("API", decl.api.kind if decl.api else ""), ("implied", _yes(service.implied))]
    return Detail(service.at, decl.description, service.owner, _said(kinds), service_kind=decl.kind)


def _inside(service: LinkedService) -> Iterator[tuple[str, Detail]]:
    for table in service.tables:
        if table.purpose != "view":
            yield named(store_node(table)), _store(table, service)
    for outlet in service.outlets.values():
        yield named(outlet_node(outlet)), _outlet(outlet)
    for command in service.commands:
        yield _name(command.construct), _command(command)
    for query in service.queries:
        yield _name(query.construct), _query(query)
    for view in service.views:
        yield _name(view.construct), _view(view)
    for reaction in service.reactions:
        yield _name(reaction.construct), _reaction(reaction)
    for transition in service.transitions:
        yield _name(transition.construct), _transition(transition)
    for change in service.changes:
        yield _name(change.construct), _change(change)
    for function in service.functions:
        yield _name(function.construct), _function(function)
    for kind, kept in (("lake", service.lake), ("monitor", service.monitor)):
        if kept is not None:
            yield f"{kind}:{service.name}", Detail(kept.at, facts=[("keeps", ", ".join(kept.streams))])


def _store(table: LinkedStore, service: LinkedService) -> Detail:
    decl = service.decl.stores.get(table.name) if table.purpose == "store" else None
    facts = [
        ("kind", table.kind),
        ("key", ", ".join(table.key_names)),
        ("indexes", ", ".join(table.indexes)),
        ("time to live", table.ttl or ""),
    ]
    return Detail(table.construct.at, decl.description if decl else "", facts=_said(facts), fields=table.origin)


def _outlet(outlet: LinkedOutlet) -> Detail:
    facts = [("ordered", _yes(outlet.ordered)), ("source", outlet.source), ("detail type", outlet.detail_type or "")]
    return Detail(outlet.construct.at, facts=_said(facts), fields=outlet.origin)


def _command(command: LinkedCommand) -> Detail:
    decl = command.decl
    facts = [("route", decl.route or ""), ("auth", decl.auth or "")]
    fields = f"command:{command.construct.service}.{command.construct.name}"
    return Detail(command.construct.at, decl.description, facts=_said(facts), fields=fields)


def _query(query: LinkedQuery) -> Detail:
    decl = query.decl
    mode = {"one": "one row", "page": "a page of one partition", "all": "a page of all rows", "search": "by search"}
    facts = [("route", decl.route or ""), ("auth", decl.auth or ""), ("answers with", mode[query.mode])]
    fields = f"response:{query.construct.service}.{query.construct.name}"
    return Detail(query.construct.at, decl.description, facts=_said(facts), fields=fields)


def _view(view: LinkedView) -> Detail:
    facts = [
        ("kind", view.store.kind),
        ("key", ", ".join(view.store.key_names)),
        ("indexes", ", ".join(view.store.indexes)),
        ("time to live", view.store.ttl or ""),
        ("computed from", ", ".join(view.collect.events) if view.collect else ""),
    ]
    return Detail(view.construct.at, view.decl.description, facts=_said(facts), fields=view.store.origin)


def _reaction(reaction: LinkedReaction) -> Detail:
    facts = [
        ("when", condition(reaction.when)),
        ("compensates", _yes(reaction.decl.compensates)),
    ]
    return Detail(reaction.construct.at, reaction.decl.description, facts=_said(facts))


def _transition(transition: LinkedTransition) -> Detail:
    when = condition(transition.emission.when)
    waits = ", ".join(transition.collect.events) if transition.collect else ""
    facts = _said([("waits for", waits), ("when", when)])
    return Detail(transition.construct.at, transition.decl.description, facts=facts)


def _change(change: LinkedChange) -> Detail:
    facts = []
    for operation, emission in change.captured:
        when = condition(emission.when)
        facts.append((operation.lower(), emission.event + (f", when {when}" if when else "")))
    return Detail(change.construct.at, facts=facts)


def _function(function: LinkedFunction) -> Detail:
    decl = function.decl
    facts = [("handler", decl.handler), ("route", decl.route or ""), ("schedule", decl.schedule or "")]
    return Detail(function.construct.at, decl.description, facts=_said(facts))


def _name(construct: Construct) -> str:
    return named(construct_node(construct))


def condition(mapping: LinkedMapping | None) -> str:
    """The text of a guard, `` where there is none."""
    return getattr(mapping.tree, "text", "a condition") if mapping is not None else ""


def _yes(value: bool) -> str:
    return "yes" if value else ""


def _said(facts: list[Fact]) -> list[Fact]:
    return [fact for fact in facts if fact[1]]
