"""The link pass: from declarations to the linked system."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Mapping
from typing import TypeAlias

from msgspec.structs import replace

from cncb_compiler.graph.context import infer_contexts
from cncb_compiler.graph.emissions import check_partition_key
from cncb_compiler.graph.keeping import link_lake, link_monitor
from cncb_compiler.graph.linking import Linking
from cncb_compiler.graph.listeners import link_change, link_reaction, link_transition
from cncb_compiler.graph.outlets import link_outlets
from cncb_compiler.graph.requests import link_command, link_function, link_query
from cncb_compiler.graph.sensitive import sensitive_fields
from cncb_compiler.graph.stores import link_stores
from cncb_compiler.graph.system import (
    Construct,
    Emission,
    LinkedService,
    LinkedStream,
    LinkedSystem,
    LinkedTransition,
)
from cncb_compiler.graph.views import link_view
from cncb_compiler.graph.vocabulary import link_event, link_streams, link_types, own_fields
from cncb_compiler.model.declared import Declared, DeclaredSystem
from cncb_compiler.model.service import Service
from cncb_compiler.schema.types import ANYTHING, Type

EVENT_HUB = "event-hub"


Fitting: TypeAlias = Callable[[DeclaredSystem, Mapping[str, Type]], Container[str]]
"""The services whose mappings are known to be right, in a system whose events have contexts of these types."""


def none_known(declared: DeclaredSystem, contexts: Mapping[str, Type]) -> Container[str]:
    """Of no service is anything known."""
    return ()


def link(declared: DeclaredSystem, fitting: Fitting = none_known) -> LinkedSystem:
    """Resolve every reference, type every mapping, trace every field. What is wrong is in `diagnostics`.

    What is known to be `fitting` is not checked until somebody asks what is known of it.
    """
    linking, _ = link_types(declared)
    streams = link_streams(declared)
    own = {name: own_fields(linking, event) for name, event in declared.events.items()}
    contexts = infer_contexts(declared, own)
    linking.fitting = fitting(declared, contexts)
    for name, event in declared.events.items():
        linking.events[name] = link_event(linking, event, own[name], contexts.get(name, ANYTHING), streams)
    services = {name: _service(linking, service, streams) for name, service in declared.services.items()}
    if streams and not any(service.decl.kind == EVENT_HUB for service in services.values()):
        hub = Declared(
            EVENT_HUB, Service(kind="event-hub", description="Deploys the system's event streams."), declared.at
        )
        if EVENT_HUB not in services:
            services = dict(sorted({**services, EVENT_HUB: _service(linking, hub, streams, implied=True)}.items()))
    emissions, publishing = _emissions(services)
    for name, linked in linking.events.items():
        if name not in emissions:
            check_partition_key(linking, linked)
    system = LinkedSystem(
        declared=declared,
        types=linking.table,
        streams=streams,
        events=linking.events,
        services=services,
        emissions=emissions,
        publishing_functions=publishing,
        consumers=_consumers(services),
        used_types=frozenset(linking.used_types),
        unfitting=frozenset(linking.unfitting),
        diagnostics=tuple(linking.diagnostics),
    )
    return replace(system, sensitive=sensitive_fields(system))


def _service(
    linking: Linking, service: Declared[Service], streams: Mapping[str, LinkedStream], implied: bool = False
) -> LinkedService:
    decl, name, at = service.value, service.name, service.at
    others = len(linking.mappings)
    stores = link_stores(linking, service)
    outlets = link_outlets(linking, service)
    views = [link_view(linking, name, view, decl.views[view], at / "views" / view) for view in sorted(decl.views)]
    kept = tuple(view for view in views if view is not None)
    readable = {**{view.store.name: view.store for view in kept}, **stores}
    broken_views = {view: decl.views[view] for view in decl.views if view not in readable}

    queries = [
        link_query(linking, name, query, decl.queries[query], at / "queries" / query, readable)
        for query in sorted(decl.queries)
        if decl.queries[query].from_ not in broken_views
    ]
    reactions = [
        link_reaction(linking, name, reaction, decl.reactions[reaction], at / "reactions" / reaction, stores, outlets)
        for reaction in sorted(decl.reactions)
    ]
    changes = [
        link_change(linking, name, change, decl.changes[change], at / "changes" / change, stores)
        for change in sorted(decl.changes)
    ]
    return LinkedService(
        name=name,
        decl=decl,
        at=at,
        owner=decl.owner or linking.declared.owner or "",
        implied=implied,
        stores=stores,
        outlets=outlets,
        commands=tuple(
            link_command(linking, name, command, decl.commands[command], at / "commands" / command, stores)
            for command in sorted(decl.commands)
        ),
        queries=tuple(query for query in queries if query is not None),
        views=kept,
        reactions=tuple(reaction for reaction in reactions if reaction is not None),
        transitions=_transitions(linking, service),
        changes=tuple(change for change in changes if change is not None),
        functions=tuple(
            link_function(linking, name, function, decl.functions[function], at / "functions" / function, readable)
            for function in sorted(decl.functions)
        ),
        lake=link_lake(linking, service, streams),
        monitor=link_monitor(linking, service, streams),
        mappings=tuple(linking.mappings[others:]),
    )


def _transitions(linking: Linking, service: Declared[Service]) -> tuple[LinkedTransition, ...]:
    counts: dict[str, int] = defaultdict(int)
    linked = []
    for number, transition in enumerate(service.value.transitions):
        counts[transition.emit] += 1
        count = counts[transition.emit]
        name = transition.emit if count == 1 else f"{transition.emit}-{count}"
        linked.append(link_transition(linking, service.name, name, transition, service.at / "transitions" / number))
    return tuple(transition for transition in linked if transition is not None)


def _emissions(
    services: Mapping[str, LinkedService],
) -> tuple[dict[str, tuple[Emission, ...]], dict[str, tuple[Construct, ...]]]:
    found: dict[str, list[Emission]] = defaultdict(list)
    publishing: dict[str, list[Construct]] = defaultdict(list)
    for service in services.values():
        for command in service.commands:
            if isinstance(command.effect, Emission):
                found[command.effect.event].append(command.effect)
        for transition in service.transitions:
            found[transition.emission.event].append(transition.emission)
        for change in service.changes:
            for _, emission in change.captured:
                found[emission.event].append(emission)
        for function in service.functions:
            for event in function.publishes:
                publishing[event].append(function.construct)
    return (
        {event: tuple(emissions) for event, emissions in found.items()},
        {event: tuple(constructs) for event, constructs in publishing.items()},
    )


def _consumers(services: Mapping[str, LinkedService]) -> dict[str, tuple[Construct, ...]]:
    found: dict[str, list[Construct]] = defaultdict(list)
    for service in services.values():
        for view in service.views:
            for event in view.collect.events if view.collect else (projection.event for projection in view.projections):
                found[event].append(view.construct)
        for reaction in service.reactions:
            for event in reaction.events:
                found[event].append(reaction.construct)
        for transition in service.transitions:
            for event in transition.events:
                found[event].append(transition.construct)
        for function in service.functions:
            for event in function.events:
                found[event].append(function.construct)
    return {event: tuple(constructs) for event, constructs in found.items()}
