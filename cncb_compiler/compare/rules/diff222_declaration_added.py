"""A command, query, view, store, reaction, change, transition or function is new.

## What it does
Finds declarations that are new in a service that was there. It is `safe`; a new consumer begins with everything that
the stream still holds, unless `processing.startingPosition` is `LATEST`.

## Example
```yaml
# after
queries: {orders: {route: GET /orders, from: orders}}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF222", "declaration-added", (Level.SAFE,))


def changes(compared: Compared) -> Iterator[Change]:
    """Each declaration on the side after only."""
    for one in compared.declarations.added.values():
        yield RULE(Level.SAFE, one.name, f"{one.noun} is new", after=one.construct.at)
