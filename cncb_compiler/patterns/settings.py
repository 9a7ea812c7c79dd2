"""Settings by exception: a function's own, else its service's, else the system's, else what fits its trigger."""

from __future__ import annotations

from cncb_compiler.graph.fitness import resolved
from cncb_compiler.model.arithmetic import (
    DEFAULT_ATTEMPTS,
    DEFAULT_CALL_TIMEOUT,
    RECORD_AGE_LIMITS,
    ROUTE_TIMEOUT_LIMIT,
    TABLE_STREAM_RETENTION,
)
from cncb_compiler.model.base import seconds
from cncb_compiler.model.retries import patience_of
from cncb_compiler.model.service import Service
from cncb_compiler.model.settings import FunctionSettings, Processing
from cncb_compiler.model.system import Defaults
from cncb_compiler.plan.function import ReadSettings, Settings


def settings(
    defaults: Defaults, service: Service, own: FunctionSettings, *, routed: bool, reads: Processing | None = None
) -> Settings:
    """The resolved settings of one function; `reads` is what a consumer says about its processing."""
    shared = service.function
    timeout = seconds(own.timeout or shared.timeout or defaults.timeout)
    explicit = own.timeout is not None or shared.timeout is not None
    retry = patience_of(service, own, reads)
    return Settings(
        runtime=defaults.runtime,
        memory=own.memory or shared.memory or defaults.memory,
        timeout=min(timeout, ROUTE_TIMEOUT_LIMIT) if routed and not explicit else timeout,
        log_level=own.log_level or shared.log_level or defaults.log_level,
        log_retention_days=max(1, seconds(defaults.log_retention) // 86400),
        call_timeout=seconds(retry.timeout or f"{DEFAULT_CALL_TIMEOUT}s"),
        attempts=retry.attempts or DEFAULT_ATTEMPTS,
        environment={**shared.environment, **own.environment},
        concurrency=own.concurrency if own.concurrency is not None else shared.concurrency,
    )


def read_settings(shared: Processing, own: Processing, retention: int = TABLE_STREAM_RETENTION) -> ReadSettings:
    """How an event source is read: as the construct says, else as its service does.

    `retention` is for how many seconds the source keeps records; older ones are not waited for.
    """
    processing = resolved(shared, own)
    return ReadSettings(
        batch_size=processing.batch_size,
        window=processing.window,
        attempts=processing.attempts,
        max_age=seconds(processing.max_age) if processing.max_age else min(retention, RECORD_AGE_LIMITS[1]),
        parallelization=processing.parallelization,
        starting_position=processing.starting_position,
        faults=processing.faults,
    )
