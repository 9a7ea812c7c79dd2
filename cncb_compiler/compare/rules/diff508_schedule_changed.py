"""A function runs by another clock.

## What it does
Finds functions whose `schedule` differs: `risky` where it is gone, else `safe`.

## Example
```yaml
# before
functions: {report: {handler: report.run, schedule: rate(1 day)}}
# after
functions: {report: {handler: report.run, schedule: rate(5 minutes)}}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF508", "schedule-changed", (Level.RISKY, Level.SAFE))


def changes(compared: Compared) -> Iterator[Change]:
    """Each function of a team's own, on both sides, with another schedule."""
    for was, now in compared.declarations.both():
        before, after = getattr(was.decl, "schedule", None), getattr(now.decl, "schedule", None)
        if before != after:
            yield RULE(
                Level.SAFE if after else Level.RISKY,
                now.name,
                f"{now.noun} runs by {after or 'no clock'} instead of {before or 'no clock'}",
                before=was.construct.at / "schedule",
                after=now.construct.at / "schedule",
            )
