"""What a scenario may say: given / when / then, as it is written."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints

from cncb_compiler.model.base import Duration, Integer, Name, Node, kind_of
from cncb_compiler.scenarios.steps import AnyStep, AnySwitch, Count, Data, Event, Pattern, Place, Request, Variable


def _exactly(value: Any) -> Any:
    return {"exactly": value} if isinstance(value, list) else value


def _written(value: Any) -> Any:
    return {"written": value} if isinstance(value, list) else value


def _times(value: Any) -> Any:
    return {"times": value} if isinstance(value, int) and not isinstance(value, bool) else value


Number = Annotated[Integer, Field(ge=0)]
Operation = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+\.[A-Z][A-Za-z0-9]*$")]
"""An operation as IAM policies name services, and the API itself: `dynamodb.PutItem`, `kinesis.PutRecords`."""


def _one_event(value: Any) -> Any:
    if isinstance(value, str):
        return {value: {}}
    if isinstance(value, dict) and len(value) == 1:
        return {key: {} if data is None else data for key, data in value.items()}
    raise ValueError(f"must be one event, `TYPE: data`, not {kind_of(value)}")


class ExternalAnswer(Node):
    """What an external system answers."""

    on: Request
    """The request that it answers: `POST /charges/{id}`."""
    status: Integer = 200
    """The HTTP status."""
    body: Data = None
    """The JSON value, or the text."""
    headers: dict[str, str] = Field(default_factory=dict)
    """Headers."""
    when: Data = None
    """Only where the request's body has these fields."""
    times: Count | None = None
    """So often; then the next answer that fits takes over."""


class ExternalRequest(Node):
    """What an external system was asked."""

    on: Request
    """The request: `POST /charges`."""
    body: Pattern = None
    """Its body."""
    query: dict[str, Pattern] = Field(default_factory=dict)
    """Its query parameters."""
    headers: dict[str, Pattern] = Field(default_factory=dict)
    """Its headers, by name in any case."""


class Given(Node):
    """The starting point."""

    events: tuple[Event, ...] = ()
    """Published and worked through before."""
    rows: dict[Place, tuple[dict[str, Data], ...]] = Field(default_factory=dict)
    """Rows stored before, without effects, by store or view."""
    objects: dict[Place, dict[str, Data]] = Field(default_factory=dict)
    """Objects stored before, without effects, by store or view, then by key."""
    answers: dict[Variable, tuple[ExternalAnswer, ...]] = Field(default_factory=dict)
    """What external systems answer, by the environment variable that holds their URL."""
    switches: tuple[AnySwitch, ...] = ()
    """Trouble, on purpose, from the first step on."""


ExpectedEvent = Annotated[
    dict[Name, Pattern], BeforeValidator(_one_event, json_schema_input_type=Name | dict[str, Pattern])
]
"""`TYPE: data`; or the type alone."""


class ExpectedEvents(Node):
    """The events on the streams since the first step."""

    exactly: tuple[ExpectedEvent, ...] | None = None
    """These and no others, in order per publishing function and partition key, effects after causes."""
    some: tuple[ExpectedEvent, ...] | None = None
    """At least these, in order per publishing function and partition key, effects after causes."""


class ExpectedRows(Node):
    """The rows of one store since the first step."""

    written: tuple[Pattern, ...] = ()
    """Rows that were written, as they are in the end."""
    removed: tuple[Pattern, ...] = ()
    """Rows that were removed."""


class ExpectedCalls(Node):
    """How often a function called an operation of AWS, retries among them."""

    times: Number | None = None
    """So often in all."""
    at_most: Number | None = None
    """At most so often in all."""
    per_second: Number | None = None
    """At most so often in any one second."""


class Then(Node):
    """What must be, and nothing else."""

    events: Annotated[
        ExpectedEvents,
        BeforeValidator(_exactly, json_schema_input_type=tuple[ExpectedEvent, ...] | ExpectedEvents),
    ] = Field(default_factory=lambda: ExpectedEvents(exactly=()))
    """The events, without faults. Those that the scenario published itself need not be named."""
    rows: dict[
        Place,
        Annotated[ExpectedRows, BeforeValidator(_written, json_schema_input_type=tuple[Pattern, ...] | ExpectedRows)],
    ] = Field(default_factory=dict)
    """Rows that were written or removed, by store or view."""
    objects: dict[Place, dict[str, Pattern]] = Field(default_factory=dict)
    """Objects that were written, or `{gone: true}`, by store or view, then by key."""
    requests: dict[Variable, tuple[ExternalRequest, ...]] = Field(default_factory=dict)
    """What external systems were asked, by variable. Left out of a variable with `given.answers`: not compared."""
    faults: tuple[Pattern, ...] = ()
    """Fault events: `{function: SERVICE.FUNCTION, error: {name: ...}}`."""
    failed: dict[Name, tuple[Pattern, ...]] = Field(default_factory=dict)
    """Messages in failure queues, by service."""
    messages: dict[Place, tuple[Pattern, ...]] = Field(default_factory=dict)
    """Messages that were sent outside, by queue or bus; of a bus `source`, `detail-type` and `detail`."""
    metrics: dict[Place, dict[str, Pattern]] = Field(default_factory=dict)
    """What functions told CloudWatch since the beginning: `{SERVICE.FUNCTION: {handled: 3, events: {TYPE: 3}}}`."""
    lake: dict[Name, tuple[Pattern, ...]] = Field(default_factory=dict)
    """All that the data lake has kept since the beginning, by stream: whole events, and texts of what is no JSON."""
    search: dict[str, tuple[Pattern, ...]] = Field(default_factory=dict)
    """All events that the lake's index finds by words (`red chair`, `-word`, `begin*`), without what is sensitive."""
    monitor: tuple[Pattern, ...] | None = None
    """All faults that the monitor has kept since the beginning, as under `faults`."""
    calls: dict[
        Place,
        dict[
            Operation,
            Annotated[ExpectedCalls, BeforeValidator(_times, json_schema_input_type=Number | ExpectedCalls)],
        ],
    ] = Field(default_factory=dict)
    """What functions called since the beginning: `{SERVICE.FUNCTION: {dynamodb.PutItem: 3}}`."""
    within: Duration = "10s"
    """How long each step may take to settle."""


class Scenario(Node):
    """One example of what a system does."""

    scenario: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    """What it shows, in one sentence."""
    given: Given = Field(default_factory=Given)
    """The starting point; by default an empty system."""
    when: tuple[AnyStep, ...]
    """What happens, step by step."""
    then: Then = Field(default_factory=Then)
    """What must be in the end."""
