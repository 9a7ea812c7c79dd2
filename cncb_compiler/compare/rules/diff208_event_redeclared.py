"""An event is declared otherwise, in what no other kind of change is about.

## What it does
Finds events of which any other key differs: `owner`, `entity`, `external`, ... `risky`, for somebody should look at
it.

## Example
```yaml
# before
events: {order-submitted: {entity: order, owner: orders}}
# after
events: {order-submitted: {entity: order, owner: checkout}}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level
from cncb_compiler.compare.parties import consumers
from cncb_compiler.compare.settings import said, settings

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF208", "event-redeclared", (Level.RISKY,))


def changes(compared: Compared) -> Iterator[Change]:
    """Each event on both sides with a key that differs, apart from those that have a kind of their own."""
    for was, now in compared.events.both():
        found = list(settings(was.decl, now.decl, ("with", "stream", "partitionKey", "stability", "context")))
        if found:
            yield RULE(
                Level.RISKY,
                f"event:{now.name}",
                f"event {now.name}: {said(found)}",
                before=was.at,
                after=now.at / found[0].path[0],
                affected=consumers(compared.after, now.name, "after", "listens to it"),
            )
