"""How a function runs, and how a stream is read: all derived, all open to exception."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from cncb_compiler.model.base import Duration, FieldName, Integer, MappingNotation, Node

Memory = Annotated[Integer, Field(ge=128, le=10240)]
Attempts = Annotated[Integer, Field(ge=1, le=10)]

ENVIRONMENT_PATTERN = r"^[A-Za-z][A-Za-z0-9_]*$"
VARIABLE_PATTERN = r"^[^\x00]*$"

EnvironmentName = Annotated[str, Field(pattern=ENVIRONMENT_PATTERN, max_length=128)]
EnvironmentValue = Annotated[str, Field(pattern=VARIABLE_PATTERN, max_length=4096)]


class Retry(Node):
    """The client's patience: each call to AWS is cut off after `timeout` and tried `attempts` times in all."""

    timeout: Duration | None = None
    """How long one call may take. Default: `2s`."""
    attempts: Attempts | None = None
    """How often a call is tried in all, with back-off between. Default: 3."""


class FunctionSettings(Node):
    """The Lambda settings of one function. What is left out comes from the system's `defaults`."""

    memory: Memory | None = None
    """Memory in MB. CPU grows with it."""
    timeout: Duration | None = None
    """The longest one invocation may take. At most `900s`; `29s` behind a route."""
    log_level: Literal["DEBUG", "INFO", "WARN", "ERROR"] | None = None
    """The least severe log line that is kept."""
    retry: Retry = Field(default_factory=Retry)
    """How often and how long the function's AWS client tries."""
    environment: dict[EnvironmentName, EnvironmentValue] = Field(default_factory=dict)
    """Environment variables; `${stage}` and `${region}` are filled in. Never secrets."""
    concurrency: Annotated[Integer, Field(ge=0, le=100_000)] | None = None
    """Reserved concurrency. Default: none reserved."""


class Reduce(Node):
    """What is made of the events of one partition key for a hook, by aggregates."""

    reduce: Annotated[dict[FieldName, str], Field(min_length=1)]
    """Fields: `count(EVENT)`, `sum(EVENT, EXPRESSION)`, `min`, `max`, `avg`, `first`, `last`."""


def _group(value: Any) -> Any:
    if isinstance(value, (str, dict, Reduce)) or value is None:
        return value
    raise ValueError("is none of `last`, `all`, `{reduce: {...}}`")


Idempotence = Literal["oplock", "sequence", "id", "none"]
"""How a sink is kept right where events come twice or late."""


class Processing(Node):
    """How a consumer reads its stream (AWS: event source mapping)."""

    batch_size: Annotated[Integer, Field(ge=1, le=10000)] = 100
    """The most records that one invocation gets. Where there is a `rate`, no more than fit the timeout."""
    window: Annotated[Integer, Field(ge=0, le=300)] = 0
    """Seconds to wait for a batch to fill."""
    attempts: Annotated[Integer, Field(ge=0, le=10000)] = 5
    """How often a failing batch is retried before its records go to the failure queue."""
    max_age: Duration | None = None
    """Records older than this go to the failure queue instead. Default: the stream's retention."""
    parallelization: Annotated[Integer, Field(ge=1, le=10)] = 1
    """Batches of one shard that are worked on at a time; order per partition key is kept."""
    faults: Literal["publish", "retry"] = "publish"
    """An event that cannot be handled becomes a `fault` event, or is retried until the failure queue gets it."""
    idempotence: Idempotence | None = None
    """`oplock`, `sequence`, `id` or `none`: see below. Default: `oplock` for rows and objects, `id` for hooks."""
    starting_position: Literal["TRIM_HORIZON", "LATEST"] = "TRIM_HORIZON"
    """Where a new consumer begins: with everything the stream still holds, or with what comes next."""
    compact: MappingNotation | None = None
    """JMESPath over the event: of a batch's events of one type with one value only the newest is worked on."""
    group: Annotated[Literal["last", "all"] | Reduce | None, BeforeValidator(_group)] = None
    """Writes of one row as one: `last`. A hook gets `all` events of a partition key, or `{reduce: {...}}`."""
    batch: Annotated[Integer, Field(ge=1, le=500)] | None = None
    """How many writes one request carries. Default: of events as many as the stream takes, of rows one."""
    parallel: Annotated[Integer, Field(ge=1, le=100)] | None = None
    """How many requests are made at a time; order per partition key and row is kept. Default: 1."""
    rate: Annotated[float, Field(gt=0, le=1_000_000)] | Literal["capacity"] | None = None
    """How many writes a second one invocation makes at most. Default: `capacity` of a provisioned table."""
    retry: Retry = Field(default_factory=Retry)
    """How often and how long a call is tried, within what is left of the invocation. Default: as `function.retry`."""
