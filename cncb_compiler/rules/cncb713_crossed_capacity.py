"""Scaled capacity whose least is more than its most.

## What it does
Reports `capacity` with a `min` greater than its `max`.

## Why is this bad?
Application Auto Scaling refuses it, when the stack is already half deployed.

## Example
```yaml
stores:
  orders: {of: Order, capacity: {read: {min: 50, max: 5}, write: 5}}
```

## Mend
Swap the two, or raise `max`.
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

RULE = Rule("CNCB713", "crossed-capacity", Severity.ERROR, mendable=True)


def check_service(system: LinkedSystem, service: LinkedService) -> Iterator[Diagnostic]:
    """Each scaled capacity."""
    for units, at in scaled(service):
        if units.min > units.max:
            message = f"capacity cannot be {units.min} at least and {units.max} at most"
            swapped = (Put(at / "min", str(units.max)), Put(at / "max", str(units.min)))
            yield RULE(at / "min", message, mend=Mend(f"Say `min: {units.max}, max: {units.min}`.", swapped))
