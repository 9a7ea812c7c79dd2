"""What is known of a stack: its states, its resources, its events and its change sets.

Source: CloudFormation User Guide, "Stack status codes"; API Reference, "StackEvent" and "StackResource".
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cncb_compiler.local.cloudformation.changes import Change
from cncb_compiler.local.cloudformation.parameters import Value
from cncb_compiler.local.cloudformation.resource import Held, Properties
from cncb_compiler.local.cloudformation.template import Declared, Template

STACK_TYPE = "AWS::CloudFormation::Stack"

UPDATABLE = frozenset(
    {"CREATE_COMPLETE", "CREATE_FAILED", "UPDATE_COMPLETE", "UPDATE_FAILED", "UPDATE_ROLLBACK_COMPLETE"}
)
"""The states in which a stack can be updated."""
DELETABLE_IN_PROGRESS = "REVIEW_IN_PROGRESS"
"""The one state on the way to another in which a stack can be deleted here: it has no resources."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a stack is asked to be: a template with the values of its parameters."""

    template: Template
    parameters: Mapping[str, Value] = field(default_factory=dict)
    tags: tuple[Mapping[str, str], ...] = ()
    capabilities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """A resource of a stack as it stands.

    `held` is None where nothing stands any more, or ever did; `past_id` is the physical id of what was deleted or left.
    `worded` are its properties with the functions resolved, dynamic references still as they are written: that is
    what CloudFormation compares. In `properties` those are put in too.
    """

    declared: Declared
    worded: Properties
    properties: Properties
    held: Held | None
    status: str
    reason: str | None
    at: datetime
    past_id: str | None = None

    @property
    def physical_id(self) -> str | None:
        """The physical id, also of what is gone."""
        return self.held.physical_id if self.held else self.past_id


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a stack's history."""

    id: str
    at: datetime
    logical_id: str
    physical_id: str
    type: str
    status: str
    reason: str | None = None
    properties: str | None = None
    token: str | None = None


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """What a stack would become, and by which changes. It is executed as it was made, or not at all."""

    id: str
    name: str
    kind: str
    wanted: Wanted
    changes: tuple[Change, ...]
    created: datetime
    status: str = "CREATE_COMPLETE"
    execution_status: str = "AVAILABLE"
    reason: str | None = None
    description: str | None = None
    on_failure: str | None = None


@dataclass(slots=True)
class Stack:
    """A stack. The engine's lock guards every change of it."""

    name: str
    id: str
    status: str
    created: datetime
    reason: str | None = None
    updated: datetime | None = None
    deleted: datetime | None = None
    wanted: Wanted | None = None
    resources: dict[str, Standing] = field(default_factory=dict)
    outputs: list[dict[str, str]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    change_sets: dict[str, ChangeSet] = field(default_factory=dict)
    imports: frozenset[str] = frozenset()
    protected: bool = False
    rollback_disabled: bool = False
    token: str | None = None
    leaving: list[Standing] = field(default_factory=list)
    """Resources that were replaced, and are deleted once an update is complete."""
    attempt: Attempt | None = None
    """The update that could not be taken back: UPDATE_ROLLBACK_FAILED."""

    @property
    def busy(self) -> bool:
        """Whether an operation is going on."""
        return self.status.endswith("_IN_PROGRESS") and self.status != DELETABLE_IN_PROGRESS

    def enter(self, status: str, reason: str | None = None) -> None:
        """Go into another state, and write it down."""
        self.status = status
        self.reason = reason
        self.note(self.name, self.id, STACK_TYPE, status, reason)

    def note(
        self,
        logical_id: str,
        physical_id: str,
        kind: str,
        status: str,
        reason: str | None = None,
        properties: str | None = None,
    ) -> datetime:
        """Write an event down; gives its time."""
        at = now()
        written = f"{logical_id}-{status}-{uuid.uuid4()}" if kind != STACK_TYPE else str(uuid.uuid4())
        self.events.append(Event(written, at, logical_id, physical_id, kind, status, reason, properties, self.token))
        return at

    def put(self, standing: Standing) -> None:
        """Keep what is known of a resource."""
        self.resources[standing.declared.logical_id] = standing

    def start(self) -> Attempt:
        """Begin an update."""
        return Attempt(self.wanted, dict(self.resources), self.outputs, tuple(self.leaving))


@dataclass(slots=True)
class Attempt:
    """An update on its way: how the stack stood before, and what was done since, so that one can go back.

    `updated` are the properties that resources were given in place, by logical id; `made` are the new resources.
    """

    wanted: Wanted | None
    resources: Mapping[str, Standing]
    outputs: list[dict[str, str]]
    leaving: tuple[Standing, ...]
    updated: dict[str, Properties] = field(default_factory=dict)
    made: list[Standing] = field(default_factory=list)


def now() -> datetime:
    """The time of the API: UTC."""
    return datetime.now(UTC)


def stack_id(name: str, account: str, region: str) -> str:
    """A new stack's ARN."""
    return f"arn:aws:cloudformation:{region}:{account}:stack/{name}/{uuid.uuid4()}"


def change_set_id(name: str, account: str, region: str) -> str:
    """A new change set's ARN."""
    return f"arn:aws:cloudformation:{region}:{account}:changeSet/{name}/{uuid.uuid4()}"


def shown(properties: Mapping[str, Any]) -> str:
    """Properties as events show them."""
    import json

    return json.dumps(properties, separators=(",", ":"), default=str)
