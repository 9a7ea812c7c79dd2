"""What is promised of an event is another thing.

## What it does
Finds events whose `stability` differs. `risky` where less is promised: `deprecated` means that its consumers have to
move, `experimental` that it may change any time. More promised is `safe`.

## Example
```yaml
# before
events: {order-printed: {entity: order}}
# after
events: {order-printed: {entity: order, stability: deprecated}}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level
from cncb_compiler.compare.parties import consumers

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF206", "stability-changed", (Level.RISKY, Level.SAFE))


def changes(compared: Compared) -> Iterator[Change]:
    """Each event on both sides whose stability differs."""
    for was, now in compared.events.both():
        before, after = was.decl.stability, now.decl.stability
        if before != after:
            less = after == "deprecated" or (before, after) == ("stable", "experimental")
            yield RULE(
                Level.RISKY if less else Level.SAFE,
                f"event:{now.name}",
                f"event {now.name} is {after} instead of {before}",
                before=was.at / "stability",
                after=now.at / "stability",
                affected=consumers(compared.after, now.name, "after", "listens to it") if less else (),
            )
