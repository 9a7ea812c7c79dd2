"""A call's retries take longer than the function may run.

## What it does
Compares the longest that one call of AWS may take with the function's timeout:

    attempts x timeout of a call + pauses between them <= timeout of the function

The pause after attempt n is at most min(2^(n-1), 20) seconds (AWS SDKs: standard retry mode; its jitter only
shortens it). With the defaults, 3 attempts of 2 seconds each: 3 x 2s + (1s + 2s) = 9s.

## Why is this bad?
Lambda stops the function in the middle of its retries: no error is told, no fault published, and a stream's batch
is tried again from its start.

## Example
```yaml
commands:
  submit:
    route: POST /orders
    write: orders
    function: {timeout: 10s, retry: {timeout: 3s, attempts: 3}}      # 3 x 3s + (1s + 2s) = 12s
```

## Mend
Shorten `retry.timeout`, try fewer times, or give the function more time (behind a route at most 29s).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.model.arithmetic import (
    DEFAULT_ATTEMPTS,
    DEFAULT_CALL_TIMEOUT,
    ROUTE_TIMEOUT_LIMIT,
    duration_shown,
    patience,
    patience_shown,
)
from cncb_compiler.model.base import seconds
from cncb_compiler.model.retries import patience_of
from cncb_compiler.model.settings import FunctionSettings
from cncb_compiler.rules.functions import made_functions, readers
from cncb_compiler.source.location import Location

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedService, LinkedSystem

RULE = Rule("CNCB701", "retries-exceed-timeout", Severity.ERROR)

NOTHING_SAID = FunctionSettings()
DEFAULT_PATIENCE = patience(DEFAULT_CALL_TIMEOUT, DEFAULT_ATTEMPTS)


def check(system: LinkedSystem) -> Iterator[Diagnostic]:
    """The system's default."""
    default = seconds(system.declared.defaults.timeout)
    if default < DEFAULT_PATIENCE:
        at = Location(system.declared.at.file, ("defaults", "timeout"))
        yield _finding(at, DEFAULT_CALL_TIMEOUT, DEFAULT_ATTEMPTS, default)


def check_service(system: LinkedSystem, service: LinkedService) -> Iterator[Diagnostic]:
    """What the service and each function say about themselves, if the system's default is right."""
    default = seconds(system.declared.defaults.timeout)
    if default < DEFAULT_PATIENCE:
        return
    shared = service.decl.function
    functions = tuple(made_functions(service))
    if _says(shared):
        routed = any(function.route for function in functions)
        yield from _check(shared, NOTHING_SAID, default, routed, service.at / "function")
    for function in functions:
        own = function.settings
        if own is not None and _says(own):
            yield from _check(own, shared, default, function.route is not None, function.at / "function")
    yield from _readers(service, default)


def _readers(service: LinkedService, default: int) -> Iterator[Diagnostic]:
    """What consumers say in `processing.retry`, which comes before `function.retry`."""
    settings = {function.at: function.settings for function in made_functions(service) if function.settings is not None}
    for reader in readers(service):
        said = reader.processing.retry
        if said.timeout is None and said.attempts is None:
            continue
        own = settings.get(reader.at, NOTHING_SAID)
        retry = patience_of(service.decl, own, reader.processing)
        call = seconds(retry.timeout or f"{DEFAULT_CALL_TIMEOUT}s")
        attempts = retry.attempts or DEFAULT_ATTEMPTS
        timeout = own.timeout or service.decl.function.timeout
        limit = seconds(timeout) if timeout else default
        if patience(call, attempts) > limit:
            yield _finding(reader.at / "processing" / "retry", call, attempts, limit)


def _says(settings: FunctionSettings) -> bool:
    return settings.timeout is not None or settings.retry.timeout is not None or settings.retry.attempts is not None


def _check(
    own: FunctionSettings, shared: FunctionSettings, default: int, routed: bool, at: Location
) -> Iterator[Diagnostic]:
    call = seconds(own.retry.timeout or shared.retry.timeout or f"{DEFAULT_CALL_TIMEOUT}s")
    attempts = own.retry.attempts or shared.retry.attempts or DEFAULT_ATTEMPTS
    said = own.timeout or shared.timeout
    limit = seconds(said) if said else min(default, ROUTE_TIMEOUT_LIMIT) if routed else default
    if patience(call, attempts) > limit:
        yield _finding(at / ("retry" if "retry" in own.model_fields_set else "timeout"), call, attempts, limit)


def _finding(at: Location, call: int, attempts: int, limit: int) -> Diagnostic:
    enough = duration_shown(patience(call, attempts) + 1)
    return RULE(
        at,
        f"a call and its retries may take {patience_shown(call, attempts)}, but the function stops after {limit}s",
        mend=f"Shorten `retry.timeout` or try fewer times; or say `timeout: {enough}` or more.",
    )
