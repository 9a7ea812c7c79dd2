"""A moment of a capacity schedule that Application Auto Scaling cannot read.

## What it does
Reports a `schedule` of `capacity` that is neither `rate(NUMBER UNIT)`, nor `cron(...)` of six fields with a `?` for one
of the days, nor `at(YYYY-MM-DDThh:mm:ss)`; and a `timezone` beside a `rate`, which has none.

## Why is this bad?
The stack is refused, or the schedule never comes.

## Example
```yaml
capacity:
  read: {min: 5, max: 50}
  write: 5
  schedules: [{schedule: cron(0 8 * * *), read: {min: 20}}]      # five fields, as on Unix
```

## Mend
AWS's cron has six fields: minutes, hours, day of the month, month, day of the week, year: `cron(0 8 * * ? *)`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.mend import Mend, Remove
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.rules.capacities import schedules

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedService, LinkedSystem

RULE = Rule("CNCB716", "bad-capacity-schedule", Severity.ERROR, mendable=True)

_RATE = re.compile(r"rate\((?:1 (?:minute|hour|day)|(?!1 )[1-9]\d* (?:minutes|hours|days))\)")
_AT = re.compile(r"at\(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\)")
_CRON = re.compile(r"cron\((.*)\)")
_FIELD = re.compile(r"[0-9A-Za-z*,/#-]+|\?")


def check_service(system: LinkedSystem, service: LinkedService) -> Iterator[Diagnostic]:
    """Each schedule."""
    for one, at in schedules(service):
        if not (_RATE.fullmatch(one.schedule) or _AT.fullmatch(one.schedule) or _is_cron(one.schedule)):
            message = f"`{one.schedule}` is no moment"
            mend = "Write `cron(0 8 * * ? *)`, `rate(12 hours)` or `at(2026-11-27T06:00:00)`."
            yield RULE(at / "schedule", message, mend=mend)
        elif one.timezone is not None and one.schedule.startswith("rate"):
            yield RULE(
                (at / "timezone").key(),
                "a `rate` is in no time zone",
                mend=Mend("Remove it.", (Remove(at / "timezone"),)),
            )


def _is_cron(text: str) -> bool:
    found = _CRON.fullmatch(text)
    fields = found.group(1).split(" ") if found else []
    if len(fields) != 6 or not all(_FIELD.fullmatch(field) for field in fields):
        return False
    return [fields[2], fields[4]].count("?") == 1 and fields.count("?") == 1
