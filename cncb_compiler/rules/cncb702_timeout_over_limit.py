"""A function's timeout is longer than AWS allows, or than its caller waits.

## What it does
Reports a timeout over 900s, and one over 29s of a function that has a `route`. (A function behind a route that says
no timeout, and whose service says none, gets 29s at most by itself.)

## Why is this bad?
Lambda refuses more than 900 seconds. API Gateway gives up after 29 seconds: the caller gets an error, while the
function goes on and does what it was asked for.

## Example
```yaml
commands:
  submit: {route: POST /orders, write: orders, function: {timeout: 60s}}
```

## Mend
Shorten it. What takes longer belongs behind an event: answer at once, and work on the stream.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Related, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.model.arithmetic import LAMBDA_TIMEOUT_LIMIT, ROUTE_TIMEOUT_LIMIT
from cncb_compiler.model.base import seconds
from cncb_compiler.rules.functions import made_functions
from cncb_compiler.source.location import Location

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedService, LinkedSystem

RULE = Rule("CNCB702", "timeout-over-limit", Severity.ERROR)


def check(system: LinkedSystem) -> Iterator[Diagnostic]:
    """The system's default."""
    default = system.declared.defaults.timeout
    if seconds(default) > LAMBDA_TIMEOUT_LIMIT:
        yield _too_long(Location(system.declared.at.file, ("defaults", "timeout")), default)


def check_service(system: LinkedSystem, service: LinkedService) -> Iterator[Diagnostic]:
    """The service's timeout, then each function's."""
    shared = service.decl.function.timeout
    if shared is not None and seconds(shared) > ROUTE_TIMEOUT_LIMIT:
        at = service.at / "function" / "timeout"
        if seconds(shared) > LAMBDA_TIMEOUT_LIMIT:
            yield _too_long(at, shared)
        for function in made_functions(service):
            if function.route and (function.settings is None or function.settings.timeout is None):
                yield _unheard(at, shared, (Related(function.at.key(), "a function with a route"),))
                break
    for function in made_functions(service):
        own = function.settings.timeout if function.settings is not None else None
        if own is None:
            continue
        at = function.at / "function" / "timeout"
        if seconds(own) > LAMBDA_TIMEOUT_LIMIT:
            yield _too_long(at, own)
        elif function.route and seconds(own) > ROUTE_TIMEOUT_LIMIT:
            yield _unheard(at, own, (Related(function.at / "route", "the route is said here"),))


def _too_long(at: Location, timeout: str) -> Diagnostic:
    return RULE(at, f"`{timeout}` is longer than a function may run: {LAMBDA_TIMEOUT_LIMIT}s", mend="Split the work.")


def _unheard(at: Location, timeout: str, related: tuple[Related, ...]) -> Diagnostic:
    return RULE(
        at,
        f"`{timeout}` is longer than API Gateway waits for an answer: {ROUTE_TIMEOUT_LIMIT}s",
        mend=f"Say `{ROUTE_TIMEOUT_LIMIT}s` or less; what takes longer belongs behind an event.",
        related=related,
    )
