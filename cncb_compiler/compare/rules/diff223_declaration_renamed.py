"""A command, query, view, store, reaction, change or function has another name.

## What it does
Finds declarations that went and came in one service and say the same. Their functions, roles and tables are made
anew. `breaking` where it is invoked by name, having no route; `safe` where callers only see its route; else `risky`:
a consumer reads the stream from its starting position again, and a table begins empty (the deploy changes tell what
becomes of it).

## Example
```yaml
# before
views: {products: {on: product-changed}}
# after
views: {catalogue: {on: product-changed}}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level
from cncb_compiler.compare.parties import callers, is_invoked

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF223", "declaration-renamed", (Level.BREAKING, Level.RISKY, Level.SAFE))


def changes(compared: Compared) -> Iterator[Change]:
    """Each declaration that is recognised under another name."""
    for new in compared.declarations.renamed:
        was, now = compared.declarations.pairs[new]
        if was.construct.section == "transitions":
            continue
        by_name = callers(was.construct, was.decl) if is_invoked(was.decl, was.construct) else ()
        routed = getattr(was.decl, "route", None) is not None
        yield RULE(
            Level.BREAKING if by_name else Level.SAFE if routed else Level.RISKY,
            now.name,
            f"{was.noun} is now called {now.construct.service}.{now.construct.name}",
            before=was.construct.at,
            after=now.construct.at,
            affected=by_name,
        )
