"""The system is deployed elsewhere.

## What it does
Finds stages that are new (`safe`), gone, or in another account or other regions (`risky`: what stands in the old
place stays there, with its data).

## Example
```yaml
# before
stages: {prd: {account: "111111111111", regions: [us-east-1]}}
# after
stages: {prd: {account: "222222222222", regions: [us-east-1]}}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level
from cncb_compiler.compare.settings import said, settings

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF261", "stage-changed", (Level.RISKY, Level.SAFE))


def changes(compared: Compared) -> Iterator[Change]:
    """Each stage that is on one side only, or says something else."""
    before, after = compared.before.system.declared.stages, compared.after.system.declared.stages
    for name in sorted(before.keys() | after.keys()):
        was, now = before.get(name), after.get(name)
        if was is None and now is not None:
            yield RULE(Level.SAFE, f"stage:{name}", f"stage {name} is new", after=now.at)
        elif now is None and was is not None:
            yield RULE(
                Level.RISKY, f"stage:{name}", f"stage {name} is gone; what is deployed there stays", before=was.at
            )
        elif was is not None and now is not None and (found := list(settings(was.value, now.value))):
            yield RULE(Level.RISKY, f"stage:{name}", f"stage {name}: {said(found)}", before=was.at, after=now.at)
