"""The page of a process: what an event sets off, step by step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from html import escape

from cncb_compiler.catalogue.facts import Facts, node_of
from cncb_compiler.catalogue.page import (
    Block,
    Cell,
    Figure,
    Item,
    Listing,
    Page,
    Prose,
    Row,
    Section,
    Terms,
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
)
from cncb_compiler.catalogue.pictures import exactly
from cncb_compiler.catalogue.schemas import node_cell
from cncb_compiler.catalogue.sequence import figure, messages
from cncb_compiler.graph.network import store_node
from cncb_compiler.graph.processes import Cause, Moment, Process
from cncb_compiler.graph.system import LinkedCommand, LinkedFunction
from cncb_compiler.mapping.tree import Expression

COLUMNS = ("Process", "Services", "Events", "Description")
"""Of the index; `row` has their cells."""


def page(facts: Facts, process: Process) -> Page:
    """Everything about a process."""
    return Page(
        facts.paths.page("process", process.name),
        "process",
        process.name,
        facts.system.events[process.name].decl.description,
        (),
        (
            Section("about", "About", (_about(facts, process),)),
            Section("sequence", "Sequence", (_sequence(facts, process),)),
            Section("steps", "Steps", tuple(_steps(facts, process))),
            picture(exactly(facts, _nodes(process), f"{process.name}: everything that takes part", "../")),
            Section("scenarios", "Scenarios that show it", tuple(_scenarios(facts, process))),
            history(facts, [f"event:{moment.event}" for moment in process.moments]),
        ),
    )


def _about(facts: Facts, process: Process) -> Terms:
    services = sorted(_services(process))
    teams = sorted({facts.system.services[name].owner for name in services} - {""})
    return Terms(
        (
            ("Begins with", event_cell(facts, process.name)),
            ("May end with", events_cell(facts, _ends(process))),
            ("Services", joined([service_cell(facts, name) for name in services])),
            ("Teams", joined([owner_cell(facts, team) for team in teams])),
        )
    )


def _sequence(facts: Facts, process: Process) -> Figure:
    def href(kind: str, name: str) -> str:
        return escape(f"../{facts.paths.page(kind, name)}", quote=True)

    said = list(messages(process, lambda cause: _route(facts, cause) or cause.by.name, partial(href, "event")))
    return figure(f"Who says what to whom in {process.name}", said, partial(href, "service"))


def _services(process: Process) -> Iterator[str]:
    yield from {cause.by.service for moment in process.moments for cause in moment.causes}


def _ends(process: Process) -> tuple[str, ...]:
    """The events that nothing follows."""
    causing = {event for moment in process.moments for cause in moment.causes for event in cause.events}
    return tuple(moment.event for moment in process.moments if moment.event not in causing)


def _steps(facts: Facts, process: Process) -> Iterator[Block]:
    yield Prose(
        text(
            "In the order in which they may happen; conditions decide which of them do. "
            "Those with one number may happen side by side."
        ),
        "note",
    )
    levels = {moment.event: moment.level for moment in process.moments}
    rows = tuple(_row(facts, moment, levels) for moment in process.moments)
    yield table(f"What {process.name} sets off", ("Step", "Event", "Brought about by", "Heard by"), rows)


def _row(facts: Facts, moment: Moment, levels: Mapping[str, int]) -> Row:
    causes = tuple(Item(_cause(facts, cause, levels)) for cause in moment.causes)
    return Row(
        (
            text(str(moment.level + 1)),
            event_cell(facts, moment.event),
            Listing(causes) if causes else text("somebody outside of the system"),
            Listing(tuple(Item(construct_cell(facts, one)) for one in moment.listeners)) if moment.listeners else (),
        )
    )


def _cause(facts: Facts, cause: Cause, levels: Mapping[str, int]) -> Cell:
    said: list[Cell] = [construct_cell(facts, cause.by)]
    route = _route(facts, cause)
    if cause.called:
        said.append((*text("called by "), *code(route)) if route else text("called from outside"))
    within = [event for event in cause.events if event in levels]
    if cause.called:
        # It does not wait for what can only follow from it.
        within = [event for event in within if levels[event] < levels[cause.event]]
    if within:
        word = "once there is" if cause.called else "on"
        said.append(
            (
                *text(f"{word} "),
                *joined([event_cell(facts, event) for event in within], " and " if cause.together else " or "),
            )
        )
    if cause.store is not None:
        said.append((*text("by a change of "), *node_cell(facts, cause.store.origin)))
    guard = cause.emission.when if cause.emission is not None else None
    if guard is not None and isinstance(guard.tree, Expression):
        said.append((*text("only when "), *code(guard.tree.text)))
    return joined(said, ", ")


def _route(facts: Facts, cause: Cause) -> str:
    service = facts.system.services[cause.by.service]
    linked: tuple[LinkedCommand | LinkedFunction, ...] = (*service.commands, *service.functions)
    for one in linked:
        if one.construct == cause.by:
            return one.decl.route or getattr(one.decl, "schedule", None) or ""
    return ""


def _nodes(process: Process) -> set[str]:
    found = set()
    for moment in process.moments:
        found.add(f"event:{moment.event}")
        for cause in moment.causes:
            found.add(node_of(cause.by))
            if cause.store is not None:
                kind, name = store_node(cause.store)
                found |= {f"{kind}:{name}", f"change:{name}"}
    return found


def _scenarios(facts: Facts, process: Process) -> Iterator[Block]:
    """The scenarios in which its first event happens, each with the events that it names, in its order."""
    files = facts.examples.scenarios.get(process.name, [])
    if not files:
        yield Prose(text("None."))
        return
    rows = []
    for file in files:
        assert file.scenario is not None
        happened = [name for event in file.scenario.then.events.exactly or () for name in event]
        cells = tuple(Item(event_cell(facts, name)) for name in happened)
        rows.append(
            Row((text(file.scenario.scenario), Listing(cells, steps=True) if cells else (), code(file.source.name)))
        )
    yield table("Scenarios, and the events that they name", ("Scenario", "Events", "File"), tuple(rows))


def row(facts: Facts, process: Process) -> Row:
    """The process as a row of an index."""
    return Row(
        (
            code(process.name, facts.paths.page("process", process.name)),
            joined([service_cell(facts, name) for name in sorted(_services(process))]),
            text(str(len(process.moments))),
            prose(facts.system.events[process.name].decl.description),
        )
    )
