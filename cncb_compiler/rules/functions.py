"""The functions that a service will have, as far as rules need them: name, place, settings, route, how they read."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from cncb_compiler.graph.system import LinkedService
from cncb_compiler.model.settings import FunctionSettings, Processing
from cncb_compiler.source.location import Location


class MadeFunction(Struct, frozen=True):
    """A function of a service. `settings` are its own, None where it only has the service's."""

    name: str
    at: Location
    settings: FunctionSettings | None
    route: str | None = None


class Reader(Struct, frozen=True):
    """A construct that reads streams: the events' streams, or (`events` empty) a table's."""

    at: Location
    processing: Processing
    events: tuple[str, ...]


def made_functions(service: LinkedService) -> Iterator[MadeFunction]:
    """Every function that is made of a service's declarations."""
    for command in service.commands:
        at = command.construct.at
        yield MadeFunction(f"command-{command.construct.name}", at, command.decl.function, command.decl.route)
    for query in service.queries:
        yield MadeFunction(f"query-{query.construct.name}", query.construct.at, query.decl.function, query.decl.route)
    for view in service.views:
        at, name = view.construct.at, view.construct.name
        if view.collect is None:
            yield MadeFunction(f"view-{name}", at, view.decl.function)
        else:
            yield MadeFunction(f"collect-{name}", at, view.decl.function)
            yield MadeFunction(f"evaluate-{name}", at, None)
    for reaction in service.reactions:
        yield MadeFunction(f"reaction-{reaction.construct.name}", reaction.construct.at, reaction.decl.function)
    for change in service.changes:
        yield MadeFunction(f"changes-{change.construct.name}", change.construct.at, change.decl.function)
    if any(transition.collect is None for transition in service.transitions):
        yield MadeFunction("transitions", service.at / "transitions", None)
    for transition in service.transitions:
        if transition.collect is not None:
            yield MadeFunction(f"collect-{transition.construct.name}", transition.construct.at, None)
            yield MadeFunction(f"join-{transition.construct.name}", transition.construct.at, None)
    for function in service.functions:
        at = function.construct.at
        yield MadeFunction(function.construct.name, at, function.decl.function, function.decl.route)


def readers(service: LinkedService) -> Iterator[Reader]:
    """Every construct of a service that reads a stream, and how; `transitions` once."""
    for view in service.views:
        events = view.collect.events if view.collect else tuple(one.event for one in view.projections)
        yield Reader(view.construct.at, view.decl.processing, events)
    for reaction in service.reactions:
        yield Reader(reaction.construct.at, reaction.decl.processing, reaction.events)
    for change in service.changes:
        yield Reader(change.construct.at, change.decl.processing, ())
    for function in service.functions:
        if function.events:
            yield Reader(function.construct.at, function.decl.processing, function.events)
    if service.transitions:
        events = tuple(event for transition in service.transitions for event in transition.events)
        yield Reader(service.at, service.decl.processing, events)
