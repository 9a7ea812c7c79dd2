"""An event that stays has one producer less.

## What it does
Finds events that something published before and publishes no more. `breaking` where nobody is left to publish it and
somebody listens; else `risky`.

## Example
```yaml
# before
changes: {orders: {insert: order-submitted, modify: order-submitted}}
# after
changes: {}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level
from cncb_compiler.compare.parties import consumers, producers, published

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF226", "producer-removed", (Level.BREAKING, Level.RISKY))


def changes(compared: Compared) -> Iterator[Change]:
    """Each event on both sides, with what published it before and does no more."""
    for was, now, lost, _ in published(compared):
        if lost:
            left = producers(compared.after, now.name) or now.decl.external
            hit = consumers(compared.after, now.name, "after", "listens to it")
            yield RULE(
                Level.RISKY if left or not hit else Level.BREAKING,
                f"event:{now.name}",
                f"event {now.name} is no longer published by {', '.join(lost)}"
                + ("" if left else ": nobody publishes it now"),
                before=was.at,
                after=now.at,
                affected=hit,
            )
