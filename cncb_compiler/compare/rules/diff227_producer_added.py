"""An event that was there has one producer more.

## What it does
Finds events that something publishes now and did not before. It is `safe`.

## Example
```yaml
# after
changes: {orders: {insert: order-submitted}}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level
from cncb_compiler.compare.parties import published

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF227", "producer-added", (Level.SAFE,))


def changes(compared: Compared) -> Iterator[Change]:
    """Each event on both sides, with what publishes it now and did not before."""
    for was, now, _, gained in published(compared):
        if gained:
            yield RULE(
                Level.SAFE,
                f"event:{now.name}",
                f"event {now.name} is published by {', '.join(gained)} too",
                before=was.at,
                after=now.at,
            )
