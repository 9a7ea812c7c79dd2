"""The page of a view."""

from __future__ import annotations

from collections.abc import Iterator

from cncb_compiler.catalogue.examples import made, shown
from cncb_compiler.catalogue.facts import Facts
from cncb_compiler.catalogue.page import (
    Block,
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
    service_cell,
    told,
)
from cncb_compiler.catalogue.pictures import around
from cncb_compiler.catalogue.schemas import lineage, schema
from cncb_compiler.graph.system import LinkedService, LinkedView
from cncb_compiler.mapping.tree import Expression

COLUMNS = ("View", "Service", "Kept from", "Description")
"""Of the index; `row` has their cells."""


def page(facts: Facts, service: LinkedService, view: LinkedView) -> Page:
    """Everything about a view."""
    name = f"{service.name}.{view.construct.name}"
    origin = f"view:{name}"
    return Page(
        facts.paths.page("view", name),
        "view",
        name,
        view.decl.description,
        badge(view.decl.kind),
        (
            Section("about", "About", (_about(facts, service, view),)),
            picture(around(facts, [origin], f"{name}: what it is kept from, and who reads it", "../")),
            Section("schema", "Schema", schema(facts, f"Fields of a row of {name}", view.store.record, origin)),
            Section("producers", "Events it is kept from", (_events(facts, view),)),
            Section("consumers", "Who reads it", (_readers(facts, service, view),)),
            Section("lineage", "Lineage", _lineage(facts, view)),
            Section("examples", "Examples", tuple(_examples(facts, name, view))),
            history(facts, [origin]),
        ),
    )


def events_of(view: LinkedView) -> tuple[str, ...]:
    """The event types that a view is kept from."""
    if view.collect is not None:
        return view.collect.events
    return tuple(projection.event for projection in view.projections)


def _about(facts: Facts, service: LinkedService, view: LinkedView) -> Terms:
    return Terms(
        (
            ("Service", service_cell(facts, service.name)),
            ("Team", owner_cell(facts, service.owner)),
            ("Key", joined([code(name) for name in view.store.key_names])),
            ("Indexes", joined([code(name) for name in sorted(view.store.indexes)])),
            ("Kept for", text(view.decl.keep or "")),
            ("Computed from", text("all events of one correlation key together" if view.collect else "")),
            ("Declared in", code(facts.place(view.construct.at))),
        )
    )


def _events(facts: Facts, view: LinkedView) -> Block:
    if view.collect is not None:
        return Prose((*text("It collects "), *events_cell(facts, view.collect.events), *text(".")))
    rows = []
    for projection in view.projections:
        guard = projection.when.tree if projection.when is not None else None
        rows.append(
            Row(
                (
                    event_cell(facts, projection.event),
                    text("sets the row" if projection.fields is not None else "removes the row"),
                    code(guard.text if isinstance(guard, Expression) else ""),
                )
            )
        )
    return table("What each event does to it", ("Event", "Effect", "Only when"), tuple(rows))


def _readers(facts: Facts, service: LinkedService, view: LinkedView) -> Block:
    rows = [
        Row((construct_cell(facts, query.construct), code(query.decl.route or ""), prose(query.decl.description)))
        for query in service.queries
        if query.store.construct == view.construct
    ]
    rows += [
        Row(
            (
                construct_cell(facts, function.construct),
                code(function.decl.route or ""),
                prose(function.decl.description),
            )
        )
        for function in service.functions
        if view.store in function.reads
    ]
    if not rows:
        return Prose(text("Nothing reads it."))
    return table("Queries and functions that read it", ("Read by", "Route", "Description"), tuple(rows))


def _lineage(facts: Facts, view: LinkedView) -> tuple[Block, ...]:
    origin = view.store.origin
    found = lineage(facts, "Where its fields come from, and where they go", view.store.record, origin)
    return found or (Prose(text("A hook fills it; what from, only its author knows.")),)


def _examples(facts: Facts, name: str, view: LinkedView) -> Iterator[Block]:
    found = facts.examples.rows.get(name, ())
    yield from told(found)
    if not found:
        title = text("No scenario has a row of it. This one is made of the schema alone.")
        yield Example(title, shown(made(view.store.record, facts.system.types, name)))


def row(facts: Facts, service: LinkedService, view: LinkedView) -> Row:
    """The view as a row of an index."""
    name = f"{service.name}.{view.construct.name}"
    return Row(
        (
            code(name, facts.paths.page("view", name)),
            service_cell(facts, service.name),
            events_cell(facts, events_of(view)),
            prose(view.decl.description),
        )
    )
