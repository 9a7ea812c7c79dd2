"""An event type has another name.

## What it does
Finds an event type that went and one that came, with the same fields and the same producers or consumers. `breaking`
where somebody listened: until they are deployed they hear nothing, and what the lake and the stream hold has the old
name.

## Example
```yaml
# before
events: {order-submitted: {entity: order, with: {order: Order}}}
# after
events: {order-placed: {entity: order, with: {order: Order}}}
```

## Mend
Publish both for a while; listen to both (`on: [order-submitted, order-placed]`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level
from cncb_compiler.compare.parties import consumers

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF203", "event-renamed", (Level.BREAKING, Level.RISKY))


def changes(compared: Compared) -> Iterator[Change]:
    """Each event type that is recognised under another name."""
    for new, old in compared.events.renamed.items():
        was, now = compared.events.pairs[new]
        hit = consumers(compared.before, old, "before", "listens to it by its old name")
        yield RULE(
            Level.BREAKING if hit else Level.RISKY,
            f"event:{new}",
            f"event {old} is now called {new}",
            before=was.at,
            after=now.at,
            affected=hit,
            mend="Publish both for a while, and let the consumers listen to both.",
        )
