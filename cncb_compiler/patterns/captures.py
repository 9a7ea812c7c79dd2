"""What a table's changes trigger: change data capture, and the evaluation of micro event stores."""

from __future__ import annotations

from typing import Literal

from msgspec.structs import replace

from cncb_compiler.graph.fitness import of_publisher, of_view, resolved
from cncb_compiler.graph.shares import share
from cncb_compiler.graph.system import (
    Construct,
    LinkedChange,
    LinkedCollect,
    LinkedService,
    LinkedSystem,
    LinkedTransition,
    LinkedView,
    Write,
)
from cncb_compiler.model.base import seconds
from cncb_compiler.model.idempotence import ROWS, idempotence
from cncb_compiler.model.settings import FunctionSettings, Processing
from cncb_compiler.patterns.operators import operators, paced
from cncb_compiler.patterns.parts import (
    Verb,
    for_event,
    grants,
    mapped,
    maybe,
    publish,
    store_asset,
    stream_asset,
    stream_triggers,
    unique_assets,
)
from cncb_compiler.patterns.settings import read_settings, settings
from cncb_compiler.plan.assets import Asset
from cncb_compiler.plan.function import FunctionPlan, TableTrigger
from cncb_compiler.plan.handlers import (
    CapturedChange,
    ChangesHandler,
    CollectHandler,
    EvaluateHandler,
    JoinHandler,
)


def lower_change(system: LinkedSystem, service: LinkedService, change: LinkedChange) -> FunctionPlan:
    """Change data capture of one table (book: database-first with DynamoDB)."""
    table = store_asset(change.store)
    operations: set[Literal["INSERT", "MODIFY", "REMOVE"]] = {operation for operation, _ in change.captured}
    if _remembers_deleted(service, change):
        # A row becomes a tombstone, and a tombstone a row, by a modification.
        operations.add("MODIFY")
    streams = unique_assets([stream_asset(system, emission.event) for _, emission in change.captured])
    return FunctionPlan(
        name=f"changes-{change.construct.name}",
        pattern="change data capture",
        description=f"Publishes what changes in {change.store.name}.",
        at=change.construct.at,
        settings=settings(
            system.declared.defaults, service.decl, change.decl.function, routed=False, reads=change.decl.processing
        ),
        triggers=(
            TableTrigger(
                table, tuple(sorted(operations)), read_settings(service.decl.processing, change.decl.processing)
            ),
        ),
        grants=tuple(grant for stream in streams for grant in grants(stream, "publish")),
        assets=streams,
        handler=ChangesHandler(
            tuple(
                CapturedChange(operation, publish(system, emission, emission.fields.name))
                for operation, emission in change.captured
            ),
            change.decl.latch,
            operators(service, change.decl.processing, of_publisher()),
        ),
        faults_to=streams[0],
    )


def _remembers_deleted(service: LinkedService, change: LinkedChange) -> bool:
    """Whether deleted rows of the store are remembered, so that an older event cannot bring them back."""
    deletions = [
        reaction
        for reaction in service.reactions
        if isinstance(reaction.effect, Write)
        and reaction.effect.verb == "delete"
        and reaction.effect.store is change.store
    ]
    return change.decl.latch or any(
        idempotence(service.decl, reaction.decl.processing, ROWS) in ("oplock", "sequence") for reaction in deletions
    )


def _lower_collect(
    system: LinkedSystem,
    service: LinkedService,
    construct: Construct,
    collect: LinkedCollect,
    processing: Processing,
    function: FunctionSettings,
) -> FunctionPlan:
    table = store_asset(collect.store)
    several = len(collect.events) > 1
    flow = replace(operators(service, processing, {}), group=None)
    runs = settings(system.declared.defaults, service.decl, function, routed=False, reads=processing)
    return FunctionPlan(
        name=f"collect-{construct.name}",
        pattern="micro event store",
        description=f"Collects the events that {construct.name} is computed from.",
        at=construct.at,
        settings=runs,
        triggers=stream_triggers(system, service, collect.events, paced(service, processing, flow.rate, runs.timeout)),
        grants=grants(table, "put" if flow.batch is None else "batch"),
        assets=(table,),
        handler=CollectHandler(
            table,
            tuple(
                (event, mapped(collect.by[event], for_event(event, "correlation", several))) for event in collect.events
            ),
            collect.keep,
            flow,
        ),
        faults_to=stream_asset(system, collect.events[0]),
    )


def lower_collected_view(
    system: LinkedSystem, service: LinkedService, view: LinkedView, collect: LinkedCollect
) -> tuple[FunctionPlan, FunctionPlan]:
    """Collect the events, then compute the row from them (book: micro event store, analytics BFF)."""
    decl = view.decl
    collected, target = store_asset(collect.store), store_asset(view.store)
    several = len(collect.events) > 1
    flow = operators(
        service,
        decl.processing,
        of_view(service, view, resolved(service.decl.processing, decl.processing)),
        capacity=share(system, service, view.store, (), decl.processing, decl.function),
    )
    if target.kind == "bucket":
        flow = replace(flow, batch=None)
    written: Verb = "put" if target.kind != "table" else "update" if flow.batch is None else "batch"
    runs = settings(system.declared.defaults, service.decl, decl.function, routed=False, reads=decl.processing)
    reads = read_settings(service.decl.processing, paced(service, decl.processing, flow.rate, runs.timeout))
    evaluate = FunctionPlan(
        name=f"evaluate-{view.construct.name}",
        pattern="computed view",
        description=decl.description,
        at=view.construct.at,
        settings=runs,
        triggers=(TableTrigger(collected, ("INSERT",), reads),),
        grants=(*grants(collected, "query"), *grants(target, written)),
        assets=unique_assets((collected, target)),
        handler=EvaluateHandler(
            collected=collected,
            store=target,
            key_names=view.store.key_names,
            keys=tuple((event, mapped(view.keys[event], for_event(event, "key", several))) for event in collect.events),
            aggregates=tuple(
                (name, aggregate, maybe(argument)) for name, (aggregate, argument) in view.aggregates.items()
            ),
            evaluate=maybe(view.evaluate),
            keep=seconds(decl.keep) if decl.keep else None,
            operators=flow,
        ),
        faults_to=stream_asset(system, collect.events[0]),
    )
    return _lower_collect(system, service, view.construct, collect, decl.processing, decl.function), evaluate


def lower_join(
    system: LinkedSystem, service: LinkedService, transition: LinkedTransition, collect: LinkedCollect
) -> tuple[FunctionPlan, FunctionPlan]:
    """Wait for the events of parallel flows, then emit (book: micro event store, event orchestration)."""
    collected = store_asset(collect.store)
    emitted = publish(system, transition.emission, transition.construct.name)
    stream: Asset = emitted.stream
    join = FunctionPlan(
        name=f"join-{transition.construct.name}",
        pattern="join of parallel flows",
        description=transition.decl.description,
        at=transition.construct.at,
        settings=settings(
            system.declared.defaults,
            service.decl,
            service.decl.function,
            routed=False,
            reads=service.decl.processing,
        ),
        triggers=(
            TableTrigger(collected, ("INSERT",), read_settings(service.decl.processing, service.decl.processing)),
        ),
        grants=(*grants(collected, "query"), *grants(stream, "publish")),
        assets=unique_assets((collected, stream)),
        handler=JoinHandler(
            collected, collect.events, emitted, operators(service, service.decl.processing, of_publisher())
        ),
        faults_to=stream,
    )
    collecting = _lower_collect(
        system, service, transition.construct, collect, service.decl.processing, service.decl.function
    )
    return collecting, join
