"""A function may do less than before.

## What it does
Finds functions on both sides that are no longer allowed something. It is `safe`.

## Example
```yaml
# before
functions: {report: {handler: report.run, schedule: rate(1 day), reads: orders, writes: reports}}
# after
functions: {report: {handler: report.run, schedule: rate(1 day), reads: orders}}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level
from cncb_compiler.compare.rules.diff404_permission_widened import grants, said

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF405", "permission-narrowed", (Level.SAFE,))


def changes(compared: Compared) -> Iterator[Change]:
    """Each function on both sides with grants less."""
    for pair in compared.functions:
        lost = set(grants(pair.old, compared.renamed_words)) - set(grants(pair.new, {}))
        if lost:
            yield RULE(
                Level.SAFE,
                f"function:{pair.service}.{pair.new.name}",
                f"function {pair.service}.{pair.new.name} may no longer {said(lost)}",
                before=pair.old.at,
                after=pair.new.at,
            )
