"""What becomes of events that a function cannot handle, and of what is sensitive in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from cncb_compiler.graph.system import LinkedService, LinkedSystem
from cncb_compiler.patterns.parts import store_asset, unique_assets
from cncb_compiler.plan.assets import CLAIMS, Asset
from cncb_compiler.plan.function import BucketTrigger, FunctionPlan, Grant, StreamTrigger, TableTrigger, Trigger

CHANGE = "change"
"""The name of a table's changes among event types (`runtime/redaction.py`)."""


def with_faults(system: LinkedSystem, service: LinkedService, function: FunctionPlan, claims: bool) -> FunctionPlan:
    """The function, with its faults as declared: redacted, and their records where the system keeps such.

    `claims`: the system has a claim-check bucket.
    """
    if function.faults_to is None:
        return function
    if all(_faults(trigger) == "retry" for trigger in function.triggers):
        return replace(function, faults_to=None)
    sensitive = sensitive_of(system, service, function)
    if not claims:
        return function
    return replace(
        function,
        sensitive=sensitive,
        grants=(*function.grants, Grant("put", CLAIMS, prefix=f"faults/{service.name}")),
        assets=unique_assets(function.assets, (CLAIMS,)),
    )


def _faults(trigger: Trigger) -> str:
    if isinstance(trigger, (StreamTrigger, TableTrigger)):
        return trigger.read.faults
    return trigger.faults if isinstance(trigger, BucketTrigger) else "retry"


def sensitive_of(system: LinkedSystem, service: LinkedService, function: FunctionPlan) -> Mapping[str, tuple[str, ...]]:
    """The sensitive paths of what the function reads, by event type; none where there is nothing."""
    found: dict[str, set[str]] = {}
    if system.sensitive:
        for trigger in function.triggers:
            if isinstance(trigger, StreamTrigger):
                for event in trigger.types:
                    found.setdefault(event, set()).update(system.sensitive.of(f"event:{event}"))
            elif isinstance(trigger, TableTrigger):
                for name, path in _in_changes(system, service, trigger.table):
                    found.setdefault(name, set()).add(path)
            elif isinstance(trigger, BucketTrigger) and _has_sensitive_key(system, service, trigger.bucket):
                found.setdefault(CHANGE, set()).add("object")
    return {name: tuple(sorted(found[name])) for name in sorted(found) if found[name]}


def _has_sensitive_key(system: LinkedSystem, service: LinkedService, bucket: Asset) -> bool:
    """Whether the names of a bucket's objects, which are their keys, are sensitive."""
    store = next(store for store in service.tables if store_asset(store) == bucket)
    return any(path.partition(".")[0] in store.key_names for path in system.sensitive.of(store.origin))


def _in_changes(system: LinkedSystem, service: LinkedService, table: Asset) -> Iterator[tuple[str, str]]:
    store = next(store for store in service.tables if store_asset(store) == table)
    if store.purpose != "collected":
        for path in system.sensitive.of(store.origin):
            yield CHANGE, f"new.{path}"
            yield CHANGE, f"old.{path}"
        return
    collects = [view.collect for view in service.views] + [one.collect for one in service.transitions]
    for collect in collects:
        for event in collect.events if collect is not None and collect.store is store else ():
            for path in system.sensitive.of(f"event:{event}"):
                yield event, path
                yield CHANGE, f"new.event.{path}"


def has_sensitive_faults(system: LinkedSystem) -> bool:
    """Whether somebody reads what is sensitive: an event, or the changes of a table."""
    if not system.sensitive:
        return False
    events = any(system.sensitive.of(f"event:{event}") for event in system.consumers)
    return events or any(
        system.sensitive.of(change.store.origin) for service in system.services.values() for change in service.changes
    )
