"""A target of scaled capacity that DynamoDB does not take.

## What it does
Reports a `target` of `capacity` that is not from 20 to 90 percent.

## Why is this bad?
DynamoDB's auto scaling takes no other. Near 100 there would be no room while it scales, which takes minutes; below 20
most of what is paid for is never used.

## Example
```yaml
stores:
  orders: {of: Order, capacity: {read: {min: 5, max: 50, target: 99}, write: 5}}
```

## Mend
Say 20 to 90; 70 is the default.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.mend import Mend, Put
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.rules.capacities import scaled

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedService, LinkedSystem

RULE = Rule("CNCB714", "capacity-target", Severity.ERROR, mendable=True)

LIMITS = (20, 90)
"""In percent (DynamoDB Developer Guide: Managing throughput capacity automatically with DynamoDB auto scaling)."""


def check_service(system: LinkedSystem, service: LinkedService) -> Iterator[Diagnostic]:
    """Each scaled capacity."""
    least, most = LIMITS
    for units, at in scaled(service):
        if not least <= units.target <= most:
            message = f"a target of {units.target} percent is outside of {least} to {most}"
            yield RULE(at / "target", message, mend=Mend("Say `70`, or leave it out.", (Put(at / "target", "70"),)))
