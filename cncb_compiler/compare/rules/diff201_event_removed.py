"""An event type is gone.

## What it does
Finds event types that nobody can publish or listen to any more. `breaking` where somebody listened: they are deployed
still, and hear nothing from now on. `risky` where nobody in the system did.

## Example
```yaml
# before
events: {order-submitted: {entity: order, with: {order: Order}}, order-printed: {entity: order, with: {order: Order}}}
# after
events: {order-submitted: {entity: order, with: {order: Order}}}
```

## Mend
Say `stability: deprecated` first, move its consumers, and remove it last.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level
from cncb_compiler.compare.parties import consumers

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF201", "event-removed", (Level.BREAKING, Level.RISKY))


def changes(compared: Compared) -> Iterator[Change]:
    """Each event type that is on the side before only."""
    for event in compared.events.removed.values():
        hit = consumers(compared.before, event.name, "before", "listens to it")
        yield RULE(
            Level.BREAKING if hit else Level.RISKY,
            f"event:{event.name}",
            f"event {event.name} is gone",
            before=event.at,
            affected=hit,
            mend="Deprecate it first (`stability: deprecated`), move its consumers, and remove it last.",
        )
