"""A service is new.

## What it does
Finds services that were not there before. It is `safe`; what it opens and may do is told by changes of their own.

## Example
```yaml
# after
services: {orders: {}, printer: {reactions: {print: {on: order-submitted, call: {hook: printer.print}}}}}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF212", "service-added", (Level.SAFE,))


def changes(compared: Compared) -> Iterator[Change]:
    """Each service on the side after only."""
    for service in compared.services.added.values():
        yield RULE(Level.SAFE, f"service:{service.name}", f"service {service.name} is new", after=service.at)
