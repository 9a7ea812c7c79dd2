"""A declaration no longer listens to an event.

## What it does
Finds views, reactions, transitions and functions that are still there, but listen to less. What the event said is
kept or done no more.

## Example
```yaml
# before
views: {products: {on: [product-created, product-updated]}}
# after
views: {products: {on: product-created}}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level
from cncb_compiler.compare.parties import affected, listened

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF224", "listener-removed", (Level.RISKY,))


def changes(compared: Compared) -> Iterator[Change]:
    """Each pair of a declaration and an event that was there before."""
    for was, now, lost, _ in listened(compared):
        for event in lost:
            yield RULE(
                Level.RISKY,
                now.name,
                f"{now.noun} no longer listens to {event}",
                before=was.construct.at,
                after=now.construct.at,
                affected=affected([now.construct], "after", f"no longer hears of {event}"),
            )
