"""The page of an event type."""

from __future__ import annotations

from collections.abc import Iterator

from cncb_compiler.catalogue.examples import made, shown
from cncb_compiler.catalogue.facts import Facts
from cncb_compiler.catalogue.page import (
    Block,
    Cell,
    Example,
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
from cncb_compiler.catalogue.pages.common import (
    construct_cell,
    event_cell,
    events_cell,
    history,
    owner_cell,
    picture,
    processes_cell,
    service_cell,
    told,
)
from cncb_compiler.catalogue.pictures import around
from cncb_compiler.catalogue.schemas import lineage, schema
from cncb_compiler.graph.system import Construct, LinkedEvent
from cncb_compiler.graph.vocabulary import ENVELOPE_FIELDS
from cncb_compiler.mapping.tree import Expression
from cncb_compiler.schema.types import Record

COLUMNS = ("Event", "From", "For", "Stability", "Description")
"""Of the index; `row` has their cells."""


def page(facts: Facts, event: LinkedEvent) -> Page:
    """Everything about an event type."""
    origin = f"event:{event.name}"
    return Page(
        facts.paths.page("event", event.name),
        "event",
        event.name,
        event.decl.description,
        _badges(event),
        (
            Section("about", "About", (_about(facts, event),)),
            picture(around(facts, [origin], f"{event.name}: who publishes it, and who listens", "../")),
            Section("schema", "Schema", tuple(_schema(facts, event))),
            Section("producers", "Producers", (_producers(facts, event),)),
            Section("consumers", "Consumers", tuple(_consumers(facts, event))),
            Section("lineage", "Lineage", _lineage(facts, event)),
            Section("examples", "Examples", tuple(_examples(facts, event))),
            history(facts, [origin]),
        ),
    )


def _badges(event: LinkedEvent) -> Cell:
    found = badge(event.decl.stability, event.decl.stability)
    return (*found, *badge("external", "external")) if event.decl.external else found


def _about(facts: Facts, event: LinkedEvent) -> Terms:
    owners = facts.owners_of(event.name)
    teams = sorted({facts.system.services[name].owner for name in owners if name in facts.system.services} - {""})
    return Terms(
        (
            ("Owned by", joined([service_cell(facts, name) for name in owners])),
            ("Team", joined([owner_cell(facts, team) for team in teams])),
            ("Entity", code(event.decl.entity or "")),
            ("Stream", code(event.stream, facts.paths.of(f"stream:{event.stream}"))),
            ("Partition key", code(_partition_key(facts, event))),
            ("Processes", processes_cell(facts, event.name)),
            ("Declared in", code(facts.place(event.at))),
        )
    )


def _partition_key(facts: Facts, event: LinkedEvent) -> str:
    keys = {
        emission.partition_key.tree.text
        for emission in facts.system.emissions.get(event.name, ())
        if emission.partition_key is not None and isinstance(emission.partition_key.tree, Expression)
    }
    said = event.decl.partition_key
    return said or (keys.pop() if len(keys) == 1 else "")


def _schema(facts: Facts, event: LinkedEvent) -> Iterator[Block]:
    origin = f"event:{event.name}"
    if event.own.fields:
        yield from schema(facts, f"Fields of {event.name}", event.own, origin)
    else:
        yield Prose(text("It has no fields beside its envelope."))
    context = event.record.fields.get("context")
    if context is not None:
        caption = "Its context: what is known of the process that it belongs to"
        yield from schema(facts, caption, Record({"context": context}), origin)
    yield from schema(facts, "Envelope, as every event has it", Record(ENVELOPE_FIELDS), origin)


def _producers(facts: Facts, event: LinkedEvent) -> Block:
    rows = []
    for emission in facts.system.emissions.get(event.name, ()):
        condition = (
            emission.when.tree.text if emission.when is not None and isinstance(emission.when.tree, Expression) else ""
        )
        rows.append(_row(facts, emission.construct, events_cell(facts, emission.triggers), code(condition)))
    for construct in facts.system.publishing_functions.get(event.name, ()):
        rows.append(_row(facts, construct, (), ()))
    if not rows:
        outside = "Somebody outside of the system publishes it." if event.decl.external else "Nobody publishes it."
        return Prose(text(outside))
    columns = ("Published by", "Service", "Team", "Because of", "Only when")
    return table(f"Who publishes {event.name}", columns, tuple(rows))


def _row(facts: Facts, construct: Construct, *more: Cell) -> Row:
    owner = facts.system.services[construct.service].owner
    cells = (construct_cell(facts, construct), service_cell(facts, construct.service), owner_cell(facts, owner), *more)
    return Row(cells)


def _consumers(facts: Facts, event: LinkedEvent) -> Iterator[Block]:
    rows = [_row(facts, construct, ()) for construct in facts.system.consumers.get(event.name, ())]
    if rows:
        columns = ("Consumed by", "Service", "Team")
        yield table(f"Who listens to {event.name}", columns, tuple(Row(row.cells[:3]) for row in rows))
    else:
        yield Prose(text("Nobody listens to it."))
    keepers = [
        service_cell(facts, name)
        for name, service in facts.system.services.items()
        if service.lake is not None and event.stream in service.lake.streams
    ]
    if keepers:
        yield Prose((*text("Every event of its stream is kept by "), *joined(keepers), *text(".")), "note")


def _lineage(facts: Facts, event: LinkedEvent) -> tuple[Block, ...]:
    origin = f"event:{event.name}"
    found = lineage(facts, f"Where the fields of {event.name} come from, and where they go", event.own, origin)
    return found or (Prose(text("No mapping fills or reads a field of it.")),)


def _examples(facts: Facts, event: LinkedEvent) -> Iterator[Block]:
    found = facts.examples.events.get(event.name, ())
    yield from told(found)
    if not found:
        title = text("No scenario has this event. This one is made of the schema alone.")
        value = made(Record({**ENVELOPE_FIELDS, **event.own.fields}), facts.system.types, event.name)
        yield Example(title, shown({**value, "type": event.name}))


def row(facts: Facts, event: LinkedEvent) -> Row:
    """The event as a row of an index."""
    producers = sorted({construct.service for construct in facts.producers(event.name)})
    consumers = sorted({construct.service for construct in facts.system.consumers.get(event.name, ())})
    return Row(
        (
            event_cell(facts, event.name),
            joined([service_cell(facts, name) for name in producers]) or text("outside" if event.decl.external else ""),
            joined([service_cell(facts, name) for name in consumers]),
            _badges(event) if event.decl.stability != "stable" or event.decl.external else (),
            prose(event.decl.description),
        )
    )
