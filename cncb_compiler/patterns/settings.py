"""Settings by exception: a function's own, else its service's, else the system's, else what fits its trigger."""

from __future__ import annotations

from cncb_compiler.model.base import seconds
from cncb_compiler.model.service import Service
from cncb_compiler.model.settings import FunctionSettings, Processing
from cncb_compiler.model.system import Defaults
from cncb_compiler.plan.function import ReadSettings, Settings

ROUTE_TIMEOUT = 29
"""Seconds: API Gateway gives up after 30 at the most (AWS: Quotas for HTTP APIs)."""
TABLE_RETENTION = 86_400
"""Seconds: DynamoDB Streams keeps a day (AWS: Change data capture for DynamoDB Streams)."""
LONGEST_AGE = 604_800
"""Seconds: the longest that an event source mapping may be told to look back (AWS: EventSourceMapping)."""
CALL_TIMEOUT = 2
ATTEMPTS = 3


def settings(defaults: Defaults, service: Service, own: FunctionSettings, *, routed: bool) -> Settings:
    """The resolved settings of one function."""
    shared = service.function
    timeout = seconds(own.timeout or shared.timeout or defaults.timeout)
    explicit = own.timeout is not None or shared.timeout is not None
    return Settings(
        runtime=defaults.runtime,
        memory=own.memory or shared.memory or defaults.memory,
        timeout=min(timeout, ROUTE_TIMEOUT) if routed and not explicit else timeout,
        log_level=own.log_level or shared.log_level or defaults.log_level,
        log_retention_days=max(1, seconds(defaults.log_retention) // 86400),
        call_timeout=seconds(own.retry.timeout or shared.retry.timeout or f"{CALL_TIMEOUT}s"),
        attempts=own.retry.attempts or shared.retry.attempts or ATTEMPTS,
        environment={**shared.environment, **own.environment},
        concurrency=own.concurrency if own.concurrency is not None else shared.concurrency,
    )


def read_settings(shared: Processing, own: Processing, retention: int = TABLE_RETENTION) -> ReadSettings:
    """How an event source is read: as the construct says, else as its service does.

    `retention` is for how many seconds the source keeps records; older ones are not waited for.
    """
    said = {name: getattr(own, name) for name in own.model_fields_set}
    processing = shared.model_copy(update=said) if said else shared
    return ReadSettings(
        batch_size=processing.batch_size,
        window=processing.window,
        attempts=processing.attempts,
        max_age=seconds(processing.max_age) if processing.max_age else min(retention, LONGEST_AGE),
        parallelization=processing.parallelization,
        starting_position=processing.starting_position,
    )
