"""What can be explained of one system: its plans and templates, found by service, logical id and declaration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from cncb_compiler.aws import naming
from cncb_compiler.aws.template import build
from cncb_compiler.passes import Analysis
from cncb_compiler.plan.function import BucketTrigger, FunctionPlan, StreamTrigger, TableTrigger
from cncb_compiler.plan.service import ServicePlan
from cncb_compiler.source.location import Location

Path: TypeAlias = tuple[str | int, ...]
"""Keys and indexes from the outside in."""

_NO_HASH = "0" * 16


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource of a service's template."""

    plan: ServicePlan
    logical_id: str
    body: dict[str, Any]

    @property
    def type(self) -> str:
        """Its CloudFormation type."""
        return str(self.body.get("Type", ""))

    @property
    def declaration(self) -> str:
        """The declaration that it came from: `file#/path`; empty where its metadata was overridden."""
        return str(self._metadata.get("declaration", ""))

    @property
    def pattern(self) -> str:
        """The pattern that made it."""
        return str(self._metadata.get("pattern", ""))

    @property
    def name(self) -> str:
        """What to ask for to get it, whatever other services have."""
        return f"{self.plan.service}/{self.logical_id}"

    @property
    def _metadata(self) -> dict[str, Any]:
        metadata = self.body.get("Metadata")
        cncb = metadata.get("cncb") if isinstance(metadata, dict) else None
        return cncb if isinstance(cncb, dict) else {}


class Known:
    """One analysed system. Templates are built at the first question, without the hashes of any code."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self.linked = analysis.linked
        self.name = analysis.linked.name
        self.plans = {plan.service: plan for plan in analysis.plans}
        self._values = dict(analysis.values)

    @cached_property
    def resources(self) -> dict[str, dict[str, Resource]]:
        """All resources, by service and logical id."""
        return {service: self._of(plan) for service, plan in self.plans.items()}

    def _of(self, plan: ServicePlan) -> dict[str, Resource]:
        template, _ = build(plan, {function.name: _NO_HASH for function in plan.functions})
        return {
            _without_hash(logical_id): Resource(plan, logical_id, body)
            for logical_id, body in template["Resources"].items()
        }

    def all_resources(self) -> list[Resource]:
        """All resources of all services."""
        return [found for by_id in self.resources.values() for found in by_id.values()]

    def function_of(self, resource: Resource) -> FunctionPlan | None:
        """The function that a resource is, or belongs to as role, log group, mapping, route or schedule."""
        return self._owners[resource.plan.service].get(resource.logical_id)

    @cached_property
    def _owners(self) -> dict[str, dict[str, FunctionPlan]]:
        return {
            service: {logical_id: function for function in plan.functions for logical_id in _ids(function)}
            for service, plan in self.plans.items()
        }

    def said(self, at: Location) -> bool:
        """Whether the sources say something at a place, null included."""
        return at.file in self._values and value_at(self._values[at.file], at.path)[0]

    def keys(self, at: Location) -> list[str]:
        """The keys of the map at a place, or the indexes of the list; none elsewhere."""
        _, value = value_at(self._values.get(at.file), at.path)
        if isinstance(value, dict):
            return [str(key) for key in value]
        return [str(index) for index in range(len(value))] if isinstance(value, list) else []

    def head(self, at: Location) -> Location:
        """Where a declaration's name stands: its key; of a service's or system's file, the key that names it."""
        if not at.path:
            return self.first_said(at / "service", at / "system") or at
        return at if isinstance(at.path[-1], int) else at.key()

    def first_said(self, *places: Location) -> Location | None:
        """The first of some places where the sources say something."""
        return next((at for at in places if self.said(at)), None)

    def system_key(self, *path: str) -> Location | None:
        """Where a key of the system stands, in whichever file says it."""
        return self.first_said(*(Location(file, path) for file in self._values))

    def place_of(self, declaration: str) -> Location | None:
        """The place that a resource's metadata names, if it is one of the sources."""
        file, found, path = declaration.partition("#/")
        if not found or file not in self._values:
            return None
        segments: list[str | int] = []
        value: Any = self._values[file]
        for text in path.split("/") if path else ():
            segment: str | int = int(text) if isinstance(value, list) and text.isdecimal() else text
            segments.append(segment)
            _, value = value_at(value, (segment,))
        return Location(file, tuple(segments))


def value_at(value: Any, path: Path) -> tuple[bool, Any]:
    """Whether there is something at a path inside a value, and what."""
    for segment in path:
        inside = isinstance(value, dict) and segment in value
        if not inside and not (isinstance(value, list) and isinstance(segment, int) and 0 <= segment < len(value)):
            return False, None
        value = value[segment]
    return True, value


def _without_hash(logical_id: str) -> str:
    """The id by which overrides address the one resource whose id holds a hash."""
    return naming.REST_API_DEPLOYMENT if logical_id.startswith(naming.REST_API_DEPLOYMENT) else logical_id


def _ids(function: FunctionPlan) -> Iterator[str]:
    yield naming.function_id(function.name)
    yield naming.role_id(function.name)
    yield naming.log_group_id(function.name)
    for trigger in function.triggers:
        if isinstance(trigger, StreamTrigger):
            yield naming.mapping_id(function.name, trigger.stream)
        elif isinstance(trigger, TableTrigger):
            yield naming.mapping_id(function.name, trigger.table)
        elif isinstance(trigger, BucketTrigger):
            queue = naming.word_queue_id(trigger.bucket)
            yield from (naming.mapping_id(function.name, trigger.bucket), queue, naming.queue_policy_id(queue))
    for stem, _ in naming.routes_of(function):
        yield from (f"{stem}{part}" for part in ("Route", "Integration", "Method", "ApiPermission"))
    for stem, _ in naming.schedules_of(function):
        yield from (f"{stem}{part}" for part in ("Schedule", "SchedulePermission"))
