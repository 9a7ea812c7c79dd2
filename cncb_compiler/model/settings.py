"""How a function runs, and how a stream is read: all derived, all open to exception."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from cncb_compiler.model.base import Duration, Integer, Node

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


Idempotence = Literal["oplock", "sequence", "id", "none"]
"""How a sink is kept right where events come twice or late."""


class Processing(Node):
    """How a consumer reads its stream (AWS: event source mapping)."""

    batch_size: Annotated[Integer, Field(ge=1, le=10000)] = 100
    """The most records that one invocation gets."""
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
