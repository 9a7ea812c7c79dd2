"""The plan pass: each construct lowered to functions, stores and permissions, free of any cloud's words."""

from __future__ import annotations

from collections.abc import Iterator

from cncb_compiler.graph.system import LinkedService, LinkedStore, LinkedSystem
from cncb_compiler.model.base import seconds
from cncb_compiler.patterns.captures import lower_change, lower_collected_view, lower_join
from cncb_compiler.patterns.claims import claim_bucket, has_claims, with_claims
from cncb_compiler.patterns.faults import with_faults
from cncb_compiler.patterns.indexing import lower_object_index
from cncb_compiler.patterns.keeping import (
    deliveries,
    event_indexes,
    fault_alarms,
    kept_buckets,
    lower_delivery,
    lower_event_index,
    lower_monitor,
)
from cncb_compiler.patterns.listeners import lower_reaction, lower_transitions, lower_view
from cncb_compiler.patterns.once import EXPIRES, processed_table
from cncb_compiler.patterns.parts import leaves_tombstones, store_asset
from cncb_compiler.patterns.requests import lower_command, lower_function, lower_query
from cncb_compiler.plan.assets import Asset, Attribute, Bucket, Bus, EventStream, Queue, SearchIndex, Table, TableIndex
from cncb_compiler.plan.function import DeliveryTrigger, FunctionPlan, RouteTrigger, StreamTrigger
from cncb_compiler.plan.service import Api, ServicePlan
from cncb_compiler.schema.indexing import indexed
from cncb_compiler.schema.types import Record, Scalar, TypeTable

TOMBSTONE_EXPIRES = "asOf:expires"
"""The time-to-live attribute of deleted rows that are remembered, where a store has none of its own."""


def lower(system: LinkedSystem, service: LinkedService) -> ServicePlan:
    """The plan of one service's stack."""
    claims = has_claims(system)
    planned = [
        with_claims(system, service, with_faults(system, service, function, claims))
        for function in _functions(system, service)
    ]
    functions = tuple(sorted(planned, key=lambda function: function.name))
    captured = {change.store.name for change in service.changes}
    stores = sorted(service.tables, key=lambda store: store.name)
    routed = any(isinstance(trigger, RouteTrigger) for function in functions for trigger in function.triggers)
    api = service.decl.api
    return ServicePlan(
        system=system.name,
        service=service.name,
        kind=service.decl.kind,
        owner=service.owner,
        description=service.decl.description,
        at=service.at,
        stages=tuple(sorted(system.declared.stages)),
        tags=dict(system.declared.tags),
        streams=_streams(system, service),
        tables=tuple(
            _table(store, system.types, store.name in captured, service, functions)
            for store in stores
            if store.kind == "dynamodb"
        )
        + processed_table(functions, service.at),
        buckets=tuple(
            Bucket(
                store_asset(store),
                store.construct.at,
                store.purpose,
                store.purpose != "store",
                _keep_days(store, service),
            )
            for store in stores
            if store.kind == "s3"
        )
        + claim_bucket(service, claims)
        + tuple(kept_buckets(service)),
        functions=functions,
        api=Api(api.kind, api.cors, service.at / "api") if routed else None,
        resources=service.decl.resources,
        overrides=service.decl.overrides,
        stream_keys=_stream_keys(system, functions),
        deliveries=deliveries(service),
        alarms=fault_alarms(system, service),
        indexes=tuple(_index(store, system.types) for store in stores if store.kind == "opensearch")
        + event_indexes(service),
        search_domain=service.decl.search_domain,
        queues=tuple(
            Queue(Asset("queue", one.name), one.construct.at, one.ordered)
            for one in service.outlets.values()
            if one.kind == "queue"
        ),
        buses=tuple(
            Bus(Asset("bus", one.name), one.construct.at) for one in service.outlets.values() if one.kind == "bus"
        ),
    )


def _functions(system: LinkedSystem, service: LinkedService) -> Iterator[FunctionPlan]:
    for command in service.commands:
        planned = lower_command(system, service, command)
        if planned is not None:
            yield planned
    for query in service.queries:
        yield lower_query(system, service, query)
    for view in service.views:
        if view.collect is not None:
            yield from lower_collected_view(system, service, view, view.collect)
        else:
            yield lower_view(system, service, view)
            if view.store.index is not None:
                yield lower_object_index(system, service, view, view.store.index)
    for reaction in service.reactions:
        planned = lower_reaction(system, service, reaction)
        if planned is not None:
            yield planned
    planned = lower_transitions(system, service)
    if planned is not None:
        yield planned
    for transition in service.transitions:
        if transition.collect is not None:
            yield from lower_join(system, service, transition, transition.collect)
    for change in service.changes:
        yield lower_change(system, service, change)
    for function in service.functions:
        yield lower_function(system, service, function)
    if service.lake is not None:
        for stream in service.lake.streams:
            yield lower_delivery(system, service, stream, service.lake)
        if service.lake.decl.index:
            yield lower_event_index(system, service, service.lake)
    if service.monitor is not None:
        yield lower_monitor(system, service, service.monitor)


def _streams(system: LinkedSystem, service: LinkedService) -> tuple[EventStream, ...]:
    """The event hub deploys every stream of the system (book: creating an event stream)."""
    if service.decl.kind != "event-hub":
        return ()
    return tuple(
        EventStream(
            asset=Asset("stream", name),
            at=stream.at,
            shards=stream.decl.shards,
            retention_hours=seconds(stream.decl.retention) // 3600,
            encryption=stream.decl.encryption,
        )
        for name, stream in sorted(system.streams.items())
    )


def _stream_keys(system: LinkedSystem, functions: tuple[FunctionPlan, ...]) -> dict[str, str]:
    """The KMS key of each stream that the functions read or publish to."""
    used: set[str] = set()
    for function in functions:
        used.update(grant.asset.name for grant in function.grants if grant.asset.kind == "stream")
        used.update(
            trigger.stream.name
            for trigger in function.triggers
            if isinstance(trigger, (StreamTrigger, DeliveryTrigger))
        )
        if function.faults_to is not None:
            used.add(function.faults_to.name)
    return {name: system.streams[name].decl.encryption for name in sorted(used) if name in system.streams}


def _table(
    store: LinkedStore,
    types: TypeTable,
    captured: bool,
    service: LinkedService,
    functions: tuple[FunctionPlan, ...],
) -> Table:
    key, *rest = store.key_names
    indexes = tuple(
        TableIndex(
            name,
            _attribute(store.record, index.key, types),
            _attribute(store.record, index.sort_key, types) if index.sort_key else None,
            index.projection,
        )
        for name, index in sorted(store.indexes.items())
    )
    return Table(
        asset=store_asset(store),
        at=store.construct.at,
        purpose=store.purpose,
        key=_attribute(store.record, key, types),
        sort_key=_attribute(store.record, rest[0], types) if rest else None,
        indexes=indexes,
        ttl=_time_to_live(store, service, functions),
        capacity=store.capacity,
        captured=captured or store.purpose == "collected",
        rebuildable=store.purpose != "store",
    )


def _index(store: LinkedStore, types: TypeTable) -> SearchIndex:
    return SearchIndex(
        store_asset(store),
        store.construct.at,
        store.purpose,
        store.key_names,
        indexed(store.record, types),
    )


def _time_to_live(store: LinkedStore, service: LinkedService, functions: tuple[FunctionPlan, ...]) -> str | None:
    if store.purpose == "store" and store.ttl is None and leaves_tombstones(store_asset(store), functions):
        return TOMBSTONE_EXPIRES
    if store.purpose != "view":
        return store.ttl
    view = next(view for view in service.views if view.store is store)
    ends = view.decl.keep is not None or any(projection.fields is None for projection in view.projections)
    return EXPIRES if ends else None


def _keep_days(store: LinkedStore, service: LinkedService) -> int | None:
    view = next((view for view in service.views if view.store is store), None)
    return -(-seconds(view.decl.keep) // 86400) if view and view.decl.keep else None


def _attribute(record: Record, name: str, types: TypeTable) -> Attribute:
    field = record.fields.get(name)
    type_ = types.resolve(field.type) if field else None
    number = isinstance(type_, Scalar) and type_.base in ("integer", "number")
    return Attribute(name, "N" if number else "S")
