"""A batch that cannot be written at its rate before the function stops.

## What it does
Compares how long a whole batch takes at the `rate` of its consumer with half of the function's timeout:

    batchSize / rate <= timeout / 2

The other half is for calls that are slow or have to be tried again (book: "Implementing backpressure with rate
limiting"). A rate may be said, or follow from a table's provisioned capacity. Where no `batchSize` is said for a view
or reaction, batches are only as large as fits.

## Why is this bad?
What is left of the batch when the time is over is handed back, which uses up its attempts: in the end, good events go
to the failure queue.

## Example
```yaml
views:
  products: {on: product-updated, processing: {rate: 5, batchSize: 1000}}      # 200s of 30s
```

## Mend
Say a smaller `batchSize`, a longer `timeout`, or more capacity.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.plan.function import StreamTrigger, TableTrigger
from cncb_compiler.plan.operators import Operators

if TYPE_CHECKING:
    from cncb_compiler.plan.service import ServicePlan

RULE = Rule("CNCB709", "batch-exceeds-timeout", Severity.ERROR)


def check_plan(plan: ServicePlan) -> Iterator[Diagnostic]:
    """Each function that works at a rate."""
    for function in plan.functions:
        operators = getattr(function.handler, "operators", None)
        if not isinstance(operators, Operators) or operators.rate is None:
            continue
        sizes = [
            trigger.read.batch_size
            for trigger in function.triggers
            if isinstance(trigger, (StreamTrigger, TableTrigger))
        ]
        timeout, size = function.settings.timeout, max(sizes, default=0)
        if size / operators.rate <= timeout / 2:
            continue
        fits = int(operators.rate * timeout / 2)
        longer = f"`timeout: {2 * size / operators.rate:.0f}s` or more"
        yield RULE(
            function.at,
            f"a batch of `{function.name}` takes {size} / {operators.rate_shown} a second = "
            f"{size / operators.rate:.0f}s, more than half of the {timeout}s after which it stops",
            mend=f"Say `batchSize: {fits}` or less, or {longer}." if fits else f"Say {longer}, or a higher rate.",
        )
