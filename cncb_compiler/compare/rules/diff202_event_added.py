"""An event type is new.

## What it does
Finds event types that were not there before. It is `safe`.

## Example
```yaml
# after
events: {order-printed: {entity: order, with: {order: Order}}}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF202", "event-added", (Level.SAFE,))


def changes(compared: Compared) -> Iterator[Change]:
    """Each event type that is on the side after only."""
    for event in compared.events.added.values():
        yield RULE(Level.SAFE, f"event:{event.name}", f"event {event.name} is new", after=event.at)
