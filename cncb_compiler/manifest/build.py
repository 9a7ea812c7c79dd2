"""Building the manifest of a linked system."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import orjson

from cncb_compiler.aws.naming import function_id
from cncb_compiler.graph.network import edges, lineage
from cncb_compiler.graph.system import LinkedEvent, LinkedService, LinkedStore, LinkedSystem
from cncb_compiler.manifest.shape import VERSION, Edge, Event, Function, Manifest, Service, Store, Stream
from cncb_compiler.plan.function import (
    BucketTrigger,
    DeliveryTrigger,
    FunctionPlan,
    RouteTrigger,
    ScheduleTrigger,
    StreamTrigger,
    TableTrigger,
)
from cncb_compiler.plan.service import ServicePlan
from cncb_compiler.schema.jsonschema import to_json_schema

Values = Iterable[tuple[str, object]]


def manifest(system: LinkedSystem, plans: Sequence[ServicePlan], values: Values = ()) -> bytes:
    """The manifest as JSON: sorted keys, the same bytes for the same system. `values` are those of its files."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    made = build_manifest(system, plans, values)
    # What is declared is in canonical order already, in which the order under `key` has a meaning.
    declared = orjson.dumps(made["declared"], option=orjson.OPT_INDENT_2).replace(b"\n", b"\n  ")
    return orjson.dumps({**made, "declared": orjson.Fragment(declared)}, option=options | orjson.OPT_SORT_KEYS)


def build_manifest(system: LinkedSystem, plans: Sequence[ServicePlan], values: Values = ()) -> Manifest:
    """The manifest as a value."""
    declared = system.declared
    planned = {plan.service: plan for plan in plans}
    return {
        "version": VERSION,
        "system": system.name,
        "owner": declared.owner,
        "description": declared.description,
        "stages": {
            name: {"account": stage.value.account, "regions": list(stage.value.regions)}
            for name, stage in declared.stages.items()
        },
        "streams": {
            name: Stream(kind=stream.decl.kind, declared=stream.declared, at=str(stream.at))
            for name, stream in system.streams.items()
        },
        "types": {name: to_json_schema(type_, system.types) for name, type_ in system.types.named.items()},
        "events": {name: _event(system, event) for name, event in system.events.items()},
        "services": {name: _service(system, service, planned[name]) for name, service in system.services.items()},
        "edges": _edges(system),
        "lineage": sorted({(target, source) for target, source, _ in lineage(system)}),
        "declared": dict(sorted(values)),
    }


def _event(system: LinkedSystem, event: LinkedEvent) -> Event:
    publishers = {str(emission.construct) for emission in system.emissions.get(event.name, ())}
    publishers |= {str(construct) for construct in system.publishing_functions.get(event.name, ())}
    return {
        "at": str(event.at),
        "description": event.decl.description,
        "entity": event.decl.entity,
        "stream": event.stream,
        "stability": event.decl.stability,
        "external": event.decl.external,
        "context": event.decl.context,
        "schema": to_json_schema(event.record, system.types),
        "publishers": sorted(publishers),
        "consumers": sorted({str(construct) for construct in system.consumers.get(event.name, ())}),
    }


def _service(system: LinkedSystem, service: LinkedService, plan: ServicePlan) -> Service:
    return {
        "kind": service.decl.kind,
        "owner": service.owner,
        "description": service.decl.description,
        "at": str(service.at),
        "stores": {store.name: _store(system, store) for store in service.tables},
        "functions": {function.name: _function(function) for function in plan.functions},
        "routes": {
            f"{trigger.method} {trigger.path}": function.name
            for function in plan.functions
            for trigger in function.triggers
            if isinstance(trigger, RouteTrigger)
        },
    }


def _store(system: LinkedSystem, store: LinkedStore) -> Store:
    return {
        "at": str(store.construct.at),
        "purpose": store.purpose,
        "kind": store.kind,
        "key": list(store.key_names),
        "schema": to_json_schema(store.record, system.types),
    }


def _function(function: FunctionPlan) -> Function:
    return {
        "at": str(function.at),
        "pattern": function.pattern,
        "logicalId": function_id(function.name),
        "triggers": sorted(_triggers(function)),
    }


def _triggers(function: FunctionPlan) -> Iterable[str]:
    for trigger in function.triggers:
        match trigger:
            case StreamTrigger():
                yield from (f"event:{event}" for event in trigger.types)
                if not trigger.types:
                    yield f"stream:{trigger.stream.name}"
            case TableTrigger():
                yield from (f"change:{trigger.table.name}:{operation}" for operation in trigger.operations)
            case BucketTrigger():
                yield f"objects:{trigger.bucket.name}"
            case RouteTrigger():
                yield f"route:{trigger.method} {trigger.path}"
            case ScheduleTrigger():
                yield f"schedule:{trigger.expression}"
            case DeliveryTrigger():
                yield f"delivery:{trigger.stream.name}"


def _edges(system: LinkedSystem) -> list[Edge]:
    found = {(edge.kind, ":".join(edge.source), ":".join(edge.target)) for edge in edges(system)}
    return [Edge(kind=kind, source=source, target=target) for kind, source, target in sorted(found)]
