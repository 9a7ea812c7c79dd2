"""Views, reactions and transitions: what listens to a stream."""

from __future__ import annotations

from collections.abc import Iterator

from cncb_compiler.graph.fitness import of_publisher, of_reaction, of_view, resolved
from cncb_compiler.graph.shares import share
from cncb_compiler.graph.system import (
    LinkedProjection,
    LinkedReaction,
    LinkedService,
    LinkedSystem,
    LinkedTransition,
    LinkedView,
    Send,
    Write,
)
from cncb_compiler.model.base import seconds
from cncb_compiler.model.idempotence import HOOKS, idempotence, rows_of, rows_of_view
from cncb_compiler.model.settings import Idempotence
from cncb_compiler.patterns.once import once
from cncb_compiler.patterns.operators import operators, paced
from cncb_compiler.patterns.parts import (
    for_event,
    grants,
    mapped,
    maybe,
    publish,
    retention,
    store_asset,
    stream_asset,
    stream_triggers,
    unique_assets,
    write_grants,
    write_row,
)
from cncb_compiler.patterns.settings import settings
from cncb_compiler.plan.assets import Asset
from cncb_compiler.plan.function import FunctionPlan, Grant
from cncb_compiler.plan.handlers import (
    ReactionHandler,
    SendMessage,
    TransitionsHandler,
    TransitionStep,
    ViewHandler,
    ViewProjection,
)


def lower_view(system: LinkedSystem, service: LinkedService, view: LinkedView) -> FunctionPlan:
    """A materialized view: each event sets its fields of the row, never behind `asOf` (book: materialized views)."""
    decl, at = view.decl, view.construct.at
    asset = store_asset(view.store)
    events = tuple(projection.event for projection in view.projections)
    allowed = grants(asset, "update")
    if asset.kind == "index":
        allowed = grants(asset, "put")
    elif asset.kind == "bucket":
        removes = any(projection.fields is None for projection in view.projections)
        allowed = grants(asset, "get", "put", "delete") if removes else grants(asset, "get", "put")
    chosen = idempotence(service.decl, decl.processing, rows_of_view(decl))
    flow = operators(
        service,
        decl.processing,
        of_view(service, view, resolved(service.decl.processing, decl.processing)),
        linked=view.processing,
        capacity=share(system, service, view.store, events, decl.processing, decl.function),
    )
    if flow.batch is not None and asset.kind == "table":
        allowed = grants(asset, "batch")
    runs = settings(system.declared.defaults, service.decl, decl.function, routed=False, reads=decl.processing)
    made = FunctionPlan(
        name=f"view-{view.construct.name}",
        pattern="materialized view",
        description=decl.description,
        at=at,
        settings=runs,
        triggers=stream_triggers(system, service, events, paced(service, decl.processing, flow.rate, runs.timeout)),
        grants=allowed,
        assets=(asset,),
        handler=ViewHandler(
            store=asset,
            key_names=view.store.key_names,
            projections=tuple(_projections(view.projections, chosen)),
            idempotence=chosen,
            keep=seconds(decl.keep) if decl.keep else None,
            cache_control=decl.cache_control if asset.kind == "bucket" else None,
            operators=flow,
        ),
        faults_to=stream_asset(system, events[0]),
    )
    return once(made, retention(system, events)) if chosen == "id" else made


def _projections(projections: tuple[LinkedProjection, ...], chosen: Idempotence) -> Iterator[ViewProjection]:
    locks = _locks(projections, "asOf:sequence" if chosen == "sequence" else "asOf")
    several = len(projections) > 1
    for projection in sorted(projections, key=lambda one: one.event):
        yield ViewProjection(
            event=projection.event,
            key=mapped(projection.key, for_event(projection.event, "key", several)),
            fields=maybe(projection.fields, for_event(projection.event, "fields", several)),
            when=maybe(projection.when, for_event(projection.event, "when", several)),
            lock=locks[projection.event],
        )


def _locks(projections: tuple[LinkedProjection, ...], lock: str) -> dict[str, str]:
    """The attribute by which writers are compared, for each event type.

    Events that set the same fields share a lock. Where there are several sets of fields, each has a lock of its
    own, named after its first event type, or a late event would be refused because of fields that it does not touch.
    """
    groups: dict[tuple[str, ...], list[str]] = {}
    for projection in projections:
        names = tuple(sorted(_names(projection)))
        groups.setdefault(names, []).append(projection.event)
    written = {names: events for names, events in groups.items() if names}
    locks = {event: lock for events in groups.values() for event in events}
    if len(written) > 1:
        locks.update({event: f"{lock}:{min(events)}" for events in written.values() for event in events})
    return locks


def _names(projection: LinkedProjection) -> tuple[str, ...]:
    from cncb_compiler.mapping.tree import Nested

    tree = projection.fields.tree if projection.fields else None
    return tuple(tree.fields) if isinstance(tree, Nested) else ()


def lower_reaction(system: LinkedSystem, service: LinkedService, reaction: LinkedReaction) -> FunctionPlan | None:
    """A reaction: one write, one hook, or one message (book: saga, external service gateway)."""
    if reaction.effect is None:
        return None
    decl, at = reaction.decl, reaction.construct.at
    allowed: tuple[Grant, ...] = ()
    assets: tuple[Asset, ...] = ()
    capacity = None
    if isinstance(reaction.effect, Write):
        capacity = share(system, service, reaction.effect.store, reaction.events, decl.processing, decl.function)
    misfits = of_reaction(service, reaction, resolved(service.decl.processing, decl.processing))
    flow = operators(service, decl.processing, misfits, linked=reaction.processing, capacity=capacity)
    if isinstance(reaction.effect, Write):
        store = reaction.effect.store.name
        chosen = idempotence(service.decl, decl.processing, rows_of(service.decl, store))
        change = service.decl.changes.get(store)
        row = write_row(reaction.effect, idempotence=chosen, latched=True if change and change.latch else None)
        allowed, assets = write_grants(row) if flow.batch is None else grants(row.store, "batch"), (row.store,)
        handler = ReactionHandler(reaction.events, maybe(reaction.when), row, flow)
    elif isinstance(reaction.effect, Send):
        chosen = idempotence(service.decl, decl.processing, HOOKS)
        message = _message(reaction.effect)
        allowed, assets = grants(message.outlet, "send"), (message.outlet,)
        handler = ReactionHandler(reaction.events, maybe(reaction.when), message, flow)
    else:
        chosen = idempotence(service.decl, decl.processing, HOOKS)
        handler = ReactionHandler(reaction.events, maybe(reaction.when), mapped(reaction.effect), flow)
    runs = settings(system.declared.defaults, service.decl, decl.function, routed=False, reads=decl.processing)
    reads = paced(service, decl.processing, flow.rate, runs.timeout)
    made = FunctionPlan(
        name=f"reaction-{reaction.construct.name}",
        pattern="compensation" if decl.compensates else "reaction",
        description=decl.description,
        at=at,
        settings=runs,
        triggers=stream_triggers(system, service, reaction.events, reads),
        grants=allowed,
        assets=assets,
        handler=handler,
        faults_to=stream_asset(system, reaction.events[0]),
    )
    return once(made, retention(system, reaction.events)) if chosen == "id" else made


def _message(send: Send) -> SendMessage:
    outlet = send.outlet
    asset = Asset(outlet.kind, outlet.name)
    return SendMessage(asset, mapped(send.fields), outlet.ordered, outlet.source, outlet.detail_type)


def lower_transitions(system: LinkedSystem, service: LinkedService) -> FunctionPlan | None:
    """All single-event steps of a service's processes, in one function (book: event orchestration)."""
    steps = [transition for transition in service.transitions if transition.collect is None]
    if not steps:
        return None
    events = sorted({event for step in steps for event in step.events})
    streams = unique_assets([stream_asset(system, step.emission.event) for step in steps])
    return FunctionPlan(
        name="transitions",
        pattern="event orchestration",
        description=service.decl.description,
        at=service.at / "transitions",
        settings=settings(
            system.declared.defaults,
            service.decl,
            service.decl.function,
            routed=False,
            reads=service.decl.processing,
        ),
        triggers=stream_triggers(system, service, events, service.decl.processing),
        grants=tuple(grant for stream in streams for grant in grants(stream, "publish")),
        assets=streams,
        handler=TransitionsHandler(
            tuple(_step(system, transition) for transition in steps),
            operators(service, service.decl.processing, of_publisher()),
        ),
        faults_to=stream_asset(system, events[0]),
    )


def _step(system: LinkedSystem, transition: LinkedTransition) -> TransitionStep:
    return TransitionStep(transition.events, publish(system, transition.emission, transition.construct.name))
