"""The calls that one event needs take longer than the function may run.

## What it does
Adds up what a consumer does for one event, one call after the other, and compares it with the function's timeout:

    calls x (attempts x timeout of a call + pauses between them) <= timeout of the function

A view makes one call; an object that is compared before it is written two; a micro event store is read before its row
is written; `idempotence: id` claims an event before, and says that it is done after. What hooks call is not counted,
nor what the few events need that outgrow their stream. With the defaults, three calls fit: 3 x 9s = 27s of 30s.

## Why is this bad?
A batch that is not finished in time is handed back, and nothing is lost; but an event that does not fit by itself is
handed back again and again, until it goes to the failure queue.

## Example
```yaml
reactions:
  notify: {on: order-submitted, call: {hook: mail.send}, function: {timeout: 10s}}      # claim, done: 2 x 9s
```

## Mend
Give the function more time, or its calls less patience: `retry: {timeout: 1s}`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.model.arithmetic import duration_shown, patience, patience_shown
from cncb_compiler.rules.calls import calls_of

if TYPE_CHECKING:
    from cncb_compiler.plan.service import ServicePlan

RULE = Rule("CNCB708", "calls-exceed-timeout", Severity.ERROR)


def check_plan(plan: ServicePlan) -> Iterator[Diagnostic]:
    """Each consumer that makes several calls for an event. What does not fit one call is CNCB701."""
    for function in plan.functions:
        calls, runs = calls_of(function), function.settings
        one = patience(runs.call_timeout, runs.attempts)
        if one > runs.timeout or len(calls) * one <= runs.timeout:
            continue
        total = len(calls) * one
        yield RULE(
            function.at,
            f"`{function.name}` makes {len(calls)} calls for an event ({', '.join(calls)}), each of up to "
            f"{patience_shown(runs.call_timeout, runs.attempts)}: {len(calls)} x {one}s = {total}s, but it stops after "
            f"{runs.timeout}s",
            mend=f"Say `timeout: {duration_shown(total + 1)}` or more, or shorten `retry`.",
        )
