"""A query answers one row instead of many, or from elsewhere.

## What it does
Finds queries that answer a page `{items, cursor}` instead of one row, or the other way round (`breaking` for
callers), and those that read another view, store or index (`risky`).

## Example
```yaml
# before
queries: {orders: {route: "GET /customers/{customerId}/orders", from: orders, index: by-customer}}
# after
queries: {orders: {route: "GET /customers/{customerId}/orders", from: archive, index: by-customer}}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level
from cncb_compiler.compare.parties import callers
from cncb_compiler.graph.system import LinkedQuery

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF244", "answer-changed", (Level.BREAKING, Level.RISKY))


def changes(compared: Compared) -> Iterator[Change]:
    """Each query on both sides that reads or answers otherwise."""
    for was, now in compared.queries:
        noun, subject = (
            f"query {now.construct.service}.{now.construct.name}",
            f"query:{now.construct.service}.{now.construct.name}",
        )
        if (was.mode == "one") != (now.mode == "one"):
            answers = "one row instead of a page" if now.mode == "one" else "a page instead of one row"
            yield RULE(
                Level.BREAKING,
                subject,
                f"{noun} answers {answers}",
                before=was.construct.at,
                after=now.construct.at,
                affected=callers(was.construct, was.decl),
            )
        elif (
            was.decl.index != now.decl.index
            or compared.old_origin(now.store.construct, now.store.origin) != was.store.origin
        ):
            yield RULE(
                Level.RISKY,
                subject,
                f"{noun} reads {source(now)} instead of {source(was)}",
                before=was.construct.at / "from",
                after=now.construct.at / "from",
                affected=callers(was.construct, was.decl),
            )


def source(query: LinkedQuery) -> str:
    """What a query reads, in words."""
    return query.store.name + (f" by {query.decl.index}" if query.decl.index else "")
