"""What becomes of each node of a picture: the resources that are generated for it, and how its functions run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from cncb_compiler.aws.template import build
from cncb_compiler.plan.function import (
    BucketTrigger,
    FunctionPlan,
    ReadSettings,
    RouteTrigger,
    ScheduleTrigger,
    StreamTrigger,
    TableTrigger,
)
from cncb_compiler.plan.service import ServicePlan
from cncb_compiler.source.location import Location

Line = tuple[str, str]

_NO_HASH = "0" * 16


class Places:
    """Which nodes of a service a declaration is about."""

    def __init__(self, declared: Mapping[str, Location], service: str) -> None:
        self._own: dict[str, list[str]] = defaultdict(list)
        self._around: dict[str, list[str]] = defaultdict(list)
        self._service = service
        for name, at in declared.items():
            self._own[str(at)].append(name)
            self._around[str(Location(at.file, at.path[:-1]))].append(name)

    def nodes(self, declaration: str) -> list[str]:
        """The nodes that a place declares; those in it, where it is a section; else those around it, or the service."""
        if declaration in self._own:
            return self._own[declaration]
        if declaration in self._around:
            return self._around[declaration]
        while "/" in declaration.partition("#/")[2]:
            declaration = declaration.rpartition("/")[0]
            if declaration in self._own:
                return self._own[declaration]
        return [self._service]


def resources(plan: ServicePlan, places: Places) -> dict[str, list[Line]]:
    """Logical id and type of every resource of a service, by the node that it is generated for."""
    template, _ = build(plan, {function.name: _NO_HASH for function in plan.functions})
    found: dict[str, list[Line]] = defaultdict(list)
    for logical_id, body in template["Resources"].items():
        metadata = body.get("Metadata", {})
        declaration = metadata.get("cncb", {}).get("declaration", "") if isinstance(metadata, dict) else ""
        for node in places.nodes(str(declaration)):
            found[node].append((logical_id, str(body.get("Type", ""))))
    return found


def settings(plan: ServicePlan, places: Places) -> dict[str, list[Line]]:
    """How the functions of a service run, by the node that they run for."""
    found: dict[str, list[Line]] = defaultdict(list)
    for function in plan.functions:
        for node in places.nodes(str(function.at)):
            found[node] += _settings(function, found[node])
    return found


def _settings(function: FunctionPlan, said: Iterable[Line]) -> Iterator[Line]:
    if said:
        yield "function", function.name
    own = function.settings
    yield "runtime", own.runtime
    yield "memory", f"{own.memory} MB"
    yield "timeout", f"{own.timeout} s"
    yield "log level", own.log_level
    yield "log retention", f"{own.log_retention_days} days"
    if own.concurrency is not None:
        yield "concurrency", str(own.concurrency)
    if own.environment:
        yield "environment", ", ".join(own.environment)
    for trigger in function.triggers:
        yield from _trigger(trigger)


def _trigger(trigger: object) -> Iterator[Line]:
    match trigger:
        case RouteTrigger():
            yield "called by", f"{trigger.method} {trigger.path} (auth: {trigger.auth})"
        case ScheduleTrigger():
            yield "called by", trigger.expression
        case BucketTrigger():
            yield "called by", f"objects of the bucket {trigger.bucket.name}"
        case StreamTrigger():
            yield "called by", f"the stream {trigger.stream.name}"
            yield from _read(trigger.read)
        case TableTrigger():
            yield "called by", f"changes of the table {trigger.table.name}"
            yield from _read(trigger.read)


def _read(read: ReadSettings) -> Iterator[Line]:
    yield "batch", f"{read.batch_size} at most, gathered for {read.window} s"
    yield "attempts", str(read.attempts)
    yield "oldest record", f"{read.max_age} s"
    yield "parallelization", str(read.parallelization)
    yield "faults", read.faults
