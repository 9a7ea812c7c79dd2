"""A command, query or function is called by another route.

## What it does
Finds declarations whose `route` is another. `breaking` for the callers of the old one. A parameter that only has
another name is no difference to a caller.

## Example
```yaml
# before
queries: {order: {route: "GET /orders/{id}", from: orders}}
# after
queries: {order: {route: "GET /v2/orders/{id}", from: orders}}
```

## Mend
Declare a second query or command with the new route, and keep the old one while it is called.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level
from cncb_compiler.compare.parties import callers, nameless

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF233", "route-changed", (Level.BREAKING,))


def changes(compared: Compared) -> Iterator[Change]:
    """Each declaration on both sides whose route differs."""
    for was, now in compared.declarations.both():
        before, after = getattr(was.decl, "route", None), getattr(now.decl, "route", None)
        if before and after and nameless(before) != nameless(after):
            yield RULE(
                Level.BREAKING,
                now.name,
                f"{now.noun} is called by {after} instead of {before}",
                before=was.construct.at / "route",
                after=now.construct.at / "route",
                affected=callers(was.construct, was.decl),
                mend="Keep the old route in a declaration of its own while it is called.",
            )
