"""A view is another copy of itself.

## What it does
Finds views whose `generation` differs: the one before goes, with its table, bucket or index. `risky`: `cncb rebuild`
has filled the new one in the stage in which it was run, and deploys it there. In a stage where it was not, the new copy
would be deployed empty.

## Example
```yaml
# before
views: {orders: {on: order-submitted}}
# after: what `cncb rebuild history.orders` has written
views: {orders: {on: order-submitted, generation: 2}}
```

## Mend
Run `cncb rebuild SERVICE.VIEW --stage STAGE --go` instead of deploying, in each stage that has the one before.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF246", "view-rebuilt", (Level.RISKY,))


def changes(compared: Compared) -> Iterator[Change]:
    """Each view on both sides whose generations differ."""
    for was, now in compared.regenerated:
        name = f"{now.construct.service}.{now.name}"
        yield RULE(
            Level.RISKY,
            now.origin,
            f"view {name}: generation {now.generation} instead of {was.generation}: a fresh copy takes its place",
            before=was.construct.at,
            after=now.construct.at / "generation" if now.generation > 1 else now.construct.at,
            affected=compared.readers_after.affected(now.origin, "*"),
            mend=f"In stages where it is not rebuilt yet, `cncb rebuild {name}` instead of deploying.",
        )
