"""The page of an owner: the team that answers for services."""

from __future__ import annotations

from cncb_compiler.catalogue.facts import Facts
from cncb_compiler.catalogue.page import Block, Page, Prose, Row, Section, Terms, code, joined, table, text
from cncb_compiler.catalogue.pages import event, service
from cncb_compiler.catalogue.pages.common import event_cell, history, owner_cell, picture, service_cell
from cncb_compiler.catalogue.pictures import of_owner
from cncb_compiler.graph.system import LinkedService

COLUMNS = ("Owner", "Services")
"""Of the index; `row` has their cells."""


def page(facts: Facts, owner: str) -> Page:
    """Everything that a team answers for."""
    owned = _owned(facts, owner)
    names = [f"service:{one.name}" for one in owned]
    services = tuple(service.row(facts, one) for one in owned)
    return Page(
        facts.paths.page("owner", owner),
        "owner",
        owner,
        "",
        (),
        (
            Section("about", "About", (_about(facts, owner, owned),)),
            picture(of_owner(facts, names, f"Services of {owner} and their neighbours", "../")),
            Section("services", "Services", _table(f"Services of {owner}", service.COLUMNS, services)),
            Section("producers", "Publishes", _published(facts, owner, owned)),
            Section("consumers", "Listens to", _heard(facts, owner, owned)),
            history(facts, names),
        ),
    )


def _owned(facts: Facts, owner: str) -> list[LinkedService]:
    return [one for one in facts.system.services.values() if one.owner == owner]


def _about(facts: Facts, owner: str, owned: list[LinkedService]) -> Terms:
    inside = {one.name for one in owned}
    taking = [
        process
        for process in facts.processes
        if any(cause.by.service in inside for moment in process.moments for cause in moment.causes)
    ]
    return Terms(
        (
            ("Answers for", text("the system as a whole" if facts.system.declared.owner == owner else "")),
            ("Services", text(str(len(owned)))),
            ("Processes", joined([code(one.name, facts.paths.page("process", one.name)) for one in taking])),
        )
    )


def _table(caption: str, columns: tuple[str, ...], rows: tuple[Row, ...]) -> tuple[Block, ...]:
    return (table(caption, columns, rows),) if rows else (Prose(text("None.")),)


def _published(facts: Facts, owner: str, owned: list[LinkedService]) -> tuple[Block, ...]:
    names = sorted({name for one in owned for name in facts.published_by.get(one.name, ())})
    rows = tuple(event.row(facts, facts.system.events[name]) for name in names)
    return _table(f"Events that services of {owner} publish", event.COLUMNS, rows)


def _heard(facts: Facts, owner: str, owned: list[LinkedService]) -> tuple[Block, ...]:
    """The events of other teams that it depends on."""
    inside = {one.name for one in owned}
    names = sorted({name for one in owned for name in facts.heard_by.get(one.name, ())})
    rows = []
    for name in names:
        producers = sorted({one.service for one in facts.producers(name)})
        if producers and set(producers) <= inside:
            continue
        teams = sorted({facts.system.services[one].owner for one in producers} - {""})
        rows.append(
            Row(
                (
                    event_cell(facts, name),
                    joined([service_cell(facts, one) for one in producers]) or text("outside"),
                    joined([owner_cell(facts, team) for team in teams]),
                )
            )
        )
    return _table(f"Events from elsewhere that services of {owner} listen to", ("Event", "From", "Team"), tuple(rows))


def row(facts: Facts, owner: str) -> Row:
    """The team as a row of an index."""
    owned = _owned(facts, owner)
    return Row((owner_cell(facts, owner), joined([service_cell(facts, one.name) for one in owned])))
