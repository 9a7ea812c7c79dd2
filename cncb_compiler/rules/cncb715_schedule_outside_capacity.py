"""A schedule that gives capacity bounds that it cannot have.

## What it does
Reports a schedule of `capacity` that changes nothing, that changes capacity which is fixed, or after which `min` is
greater than `max`. What a schedule leaves out is taken as declared.

## Why is this bad?
Fixed capacity has no bounds to change. Application Auto Scaling refuses crossed ones at the moment itself: the
morning's traffic comes, and the capacity does not.

## Example
```yaml
stores:
  orders:
    of: Order
    capacity:
      read: {min: 5, max: 50}
      write: 5
      schedules:
        - {schedule: cron(0 8 * * ? *), read: {min: 100}}      # more than max
```

## Mend
Give both bounds, or scale what is fixed: `write: {min: 5, max: 50}`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.rules.capacities import bounds, schedules

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedService, LinkedSystem

from cncb_compiler.model.store import Scaled

RULE = Rule("CNCB715", "schedule-outside-capacity", Severity.ERROR)


def check_service(system: LinkedSystem, service: LinkedService) -> Iterator[Diagnostic]:
    """Each schedule, and each capacity that it changes."""
    for one, at in schedules(service):
        if not any(new is not None and (new.min or new.max) for new in (one.read, one.write)):
            yield RULE(at, "the schedule changes nothing", mend="Say `read: {min: ...}` or `write: {min: ...}`.")
    for units, new, at in bounds(service):
        if not isinstance(units, Scaled):
            mend = f"Declare it as `{{min: {units}, max: ...}}`, or remove this."
            yield RULE(at, f"the capacity is fixed at {units}: it has no bounds to change", mend=mend)
            continue
        least, most = new.min or units.min, new.max or units.max
        if least > most:
            message = f"from then on capacity would be {least} at least and {most} at most"
            yield RULE(at, message, mend="Give both `min` and `max`.")
