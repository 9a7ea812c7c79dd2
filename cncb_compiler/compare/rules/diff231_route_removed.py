"""A command, query or function that stays has no route any more.

## What it does
Finds declarations that could be called by HTTP and cannot now. `breaking` for its callers.

## Example
```yaml
# before
commands: {submit: {route: POST /orders, publish: order-submitted}}
# after
commands: {submit: {publish: order-submitted}}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level
from cncb_compiler.compare.parties import callers, route_of

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF231", "route-removed", (Level.BREAKING,))


def changes(compared: Compared) -> Iterator[Change]:
    """Each declaration on both sides that had a route."""
    for was, now in compared.declarations.both():
        if getattr(was.decl, "route", None) and not getattr(now.decl, "route", None):
            yield RULE(
                Level.BREAKING,
                now.name,
                f"{now.noun} is no longer called by {route_of(was.decl)}",
                before=was.construct.at / "route",
                after=now.construct.at,
                affected=callers(was.construct, was.decl),
            )
