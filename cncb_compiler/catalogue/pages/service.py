"""The page of a service: its interface, its data, and each thing that it does."""

from __future__ import annotations

from collections.abc import Iterator

from cncb_compiler.catalogue.facts import Facts
from cncb_compiler.catalogue.page import (
    Block,
    Cell,
    Page,
    Prose,
    Row,
    Section,
    Terms,
    badge,
    code,
    joined,
    prose,
    table,
    text,
)
from cncb_compiler.catalogue.pages import constructs
from cncb_compiler.catalogue.pages.common import (
    construct_cell,
    event_cell,
    history,
    owner_cell,
    picture,
    service_cell,
)
from cncb_compiler.catalogue.pictures import of_service
from cncb_compiler.graph.system import Construct, LinkedService

COLUMNS = ("Service", "Kind", "Team", "Description")
"""Of the index; `row` has their cells."""


def page(facts: Facts, service: LinkedService) -> Page:
    """Everything about a service."""
    return Page(
        facts.paths.page("service", service.name),
        "service",
        service.name,
        service.decl.description,
        badge(service.decl.kind),
        tuple(
            section
            for section in (
                Section("about", "About", (_about(facts, service),)),
                picture(of_service(facts, service.name, "../")),
                Section("routes", "Routes", _routes(facts, service)),
                Section("producers", "Publishes", _published(facts, service)),
                Section("consumers", "Listens to", _heard(facts, service)),
                *constructs.sections(facts, service),
                history(facts, [f"service:{service.name}"]),
            )
            if section
        ),
    )


def _about(facts: Facts, service: LinkedService) -> Terms:
    kept = (
        joined([code(stream, facts.paths.of(f"stream:{stream}")) for stream in service.lake.streams])
        if service.lake
        else ()
    )
    faults = (
        joined([code(stream, facts.paths.of(f"stream:{stream}")) for stream in service.monitor.streams])
        if service.monitor
        else ()
    )
    return Terms(
        (
            ("Team", owner_cell(facts, service.owner)),
            ("Keeps every event of", kept),
            ("Keeps every fault of", faults),
            ("Declared in", text("nowhere: it is implied") if service.implied else code(facts.place(service.at))),
        )
    )


def routes(service: LinkedService) -> Iterator[tuple[str, str, constructs.Routed]]:
    """Each route with who may call it, and what it calls."""
    called: tuple[constructs.Routed, ...] = (*service.commands, *service.queries, *service.functions)
    for linked in called:
        if linked.decl.route:
            yield linked.decl.route, linked.decl.auth or service.decl.api.auth or "", linked


def _routes(facts: Facts, service: LinkedService) -> tuple[Block, ...]:
    rows = [
        Row((code(route), construct_cell(facts, linked.construct), text(auth), prose(linked.decl.description)))
        for route, auth, linked in sorted(routes(service), key=lambda one: (one[0].partition(" ")[2], one[0]))
    ]
    return (table("HTTP routes", ("Route", "Calls", "Who may call", "Description"), tuple(rows)),) if rows else ()


def _published(facts: Facts, service: LinkedService) -> tuple[Block, ...]:
    rows = []
    for event, producers in _producing(facts, service):
        consumers = sorted({one.service for one in facts.system.consumers.get(event, ())})
        rows.append(
            Row(
                (
                    event_cell(facts, event),
                    joined([construct_cell(facts, one) for one in producers]),
                    joined([service_cell(facts, one) for one in consumers]),
                    prose(facts.system.events[event].decl.description),
                )
            )
        )
    if not rows:
        return (Prose(text("It publishes no event.")),)
    return (table("Events that it publishes", ("Event", "By", "For", "Description"), tuple(rows)),)


def _producing(facts: Facts, service: LinkedService) -> Iterator[tuple[str, list[Construct]]]:
    for event in sorted(facts.published_by.get(service.name, ())):
        yield event, [one for one in facts.producers(event) if one.service == service.name]


def _heard(facts: Facts, service: LinkedService) -> tuple[Block, ...]:
    rows = []
    for event in sorted(facts.heard_by.get(service.name, ())):
        own = [one for one in facts.system.consumers[event] if one.service == service.name]
        producers = sorted({one.service for one in facts.producers(event)})
        rows.append(
            Row(
                (
                    event_cell(facts, event),
                    joined([construct_cell(facts, one) for one in own]),
                    joined([service_cell(facts, one) for one in producers]) or text("outside"),
                    prose(facts.system.events[event].decl.description),
                )
            )
        )
    if not rows:
        return (Prose(text("It listens to no event.")),)
    return (table("Events that it listens to", ("Event", "By", "From", "Description"), tuple(rows)),)


def row(facts: Facts, service: LinkedService) -> Row:
    """The service as a row of an index."""
    kind: Cell = badge(service.decl.kind)
    return Row(
        (service_cell(facts, service.name), kind, owner_cell(facts, service.owner), prose(service.decl.description))
    )
