"""What a stack holds, in the words of AWS, however it was written: functions, what triggers them, what they may do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from cncb_compiler.importing.values import Map

TriggerKind: TypeAlias = Literal["stream", "table", "queue", "topic", "bucket", "events", "schedule", "route"]


@dataclass(frozen=True, slots=True)
class Reference:
    """A thing of AWS that something points at: by its logical id in the stack, or else by some text."""

    logical_id: str = ""
    text: str = ""


@dataclass(slots=True)
class Trigger:
    """What invokes a function. `types` are the event types of a filter, `said` the route or schedule.

    `auth` of a route is `none`, `iam`, or `authorizer` for anything else.
    """

    kind: TriggerKind
    source: Reference = Reference()
    types: tuple[str, ...] = ()
    said: str = ""
    auth: str = "none"
    at: Map = field(default_factory=Map)


@dataclass(frozen=True, slots=True)
class Grant:
    """Actions (`kinesis:PutRecord`) that a policy allows on a thing."""

    actions: tuple[str, ...]
    target: Reference


@dataclass(slots=True)
class Lambda:
    """A function. `shared`: its grants are those of a role of several functions."""

    logical_id: str
    name: str
    at: Map
    handler: str = ""
    runtime: str = ""
    memory: int | None = None
    timeout: int | None = None
    concurrency: int | None = None
    environment: Any = None
    triggers: list[Trigger] = field(default_factory=list)
    grants: list[Grant] = field(default_factory=list)
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Output:
    """What a stack tells others: a resource of its own, and the name it is exported by."""

    logical_id: str
    export: str


@dataclass(slots=True)
class Stack:
    """A stack: its functions, and all of its resources by logical id."""

    name: str
    file: str
    description: str = ""
    functions: dict[str, Lambda] = field(default_factory=dict)
    resources: dict[str, Map] = field(default_factory=dict)
    outputs: dict[str, Output] = field(default_factory=dict)

    def type_of(self, logical_id: str) -> str:
        """The CloudFormation type of a resource; nothing where there is none."""
        found = self.resources.get(logical_id)
        kind = found.get("Type") if found is not None else None
        return kind if isinstance(kind, str) else ""

    def of_type(self, *types: str) -> Iterator[tuple[str, Map]]:
        """The resources of these types, by logical id."""
        for logical_id, resource in self.resources.items():
            if self.type_of(logical_id) in types:
                yield logical_id, resource
