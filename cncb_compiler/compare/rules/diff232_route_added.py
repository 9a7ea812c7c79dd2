"""A command, query or function that was there has a route.

## What it does
Finds declarations that can be called by HTTP now. It is `safe` as such; who may call is told by `route-opened`.

## Example
```yaml
# after
commands: {submit: {route: POST /orders, publish: order-submitted}}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level
from cncb_compiler.compare.parties import route_of

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF232", "route-added", (Level.SAFE,))


def changes(compared: Compared) -> Iterator[Change]:
    """Each declaration on both sides that had no route."""
    for was, now in compared.declarations.both():
        if getattr(now.decl, "route", None) and not getattr(was.decl, "route", None):
            yield RULE(
                Level.SAFE,
                now.name,
                f"{now.noun} is called by {route_of(now.decl)}",
                before=was.construct.at,
                after=now.construct.at / "route",
            )
