"""A retention of logs that CloudWatch Logs does not accept.

## What it does
Compares `defaults.logRetention` with the retentions that CloudWatch Logs knows: 1, 3, 5, 7, 14, 30, 60, 90, 120,
150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653 days.

## Why is this bad?
No stack could be deployed.

## Example
```yaml
defaults: {logRetention: 10d}
```

## Mend
Take the next longer one: `14d`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.mend import Mend, Put
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.model.base import seconds
from cncb_compiler.model.system import LOG_RETENTION_DAYS
from cncb_compiler.source.location import Location

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedSystem

RULE = Rule("CNCB704", "log-retention", Severity.ERROR, mendable=True)

DAY = 86_400


def check(system: LinkedSystem) -> Iterator[Diagnostic]:
    """The system's default, which is the only place where it is said."""
    said = system.declared.defaults.log_retention
    retention = seconds(said)
    if retention % DAY or retention // DAY not in LOG_RETENTION_DAYS:
        near = next((days for days in LOG_RETENTION_DAYS if days * DAY >= retention), LOG_RETENTION_DAYS[-1])
        at = Location(system.declared.at.file, ("defaults", "logRetention"))
        yield RULE(
            at,
            f"CloudWatch Logs cannot keep lines for `{said}`",
            mend=Mend(f"Say `{near}d`.", (Put(at, f"{near}d"),)),
        )
