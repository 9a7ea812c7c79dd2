"""A command, query, view, store, reaction, change, transition or function is gone.

## What it does
Finds declarations that are gone from a service that stays. `breaking` where it had callers; else `risky`: what it
kept, did or published is kept, done or published no more.

## Example
```yaml
# before
queries: {order: {route: "GET /orders/{id}", from: orders}, orders: {route: GET /orders, from: orders}}
# after
queries: {order: {route: "GET /orders/{id}", from: orders}}
```

## Mend
Move its callers first.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level
from cncb_compiler.compare.parties import callers

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF221", "declaration-removed", (Level.BREAKING, Level.RISKY))


def changes(compared: Compared) -> Iterator[Change]:
    """Each declaration on the side before only."""
    for one in compared.declarations.removed.values():
        hit = callers(one.construct, one.decl)
        yield RULE(
            Level.BREAKING if hit else Level.RISKY,
            one.name,
            f"{one.noun} is gone",
            before=one.construct.at,
            affected=hit,
            mend="Move its callers first." if hit else "",
        )
