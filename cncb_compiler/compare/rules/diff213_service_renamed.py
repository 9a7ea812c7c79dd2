"""A service has another name.

## What it does
Finds a service that went and one that came, with the same constructs on the same events. It is another stack: nothing
of the old one is taken along. `breaking` where it has callers or stores, for the address of its API is another and
its stores begin empty; else `risky`, for its consumers read the stream from their starting position again.

## Example
```yaml
# before
services: {orders: {stores: {orders: {of: Order}}, commands: {submit: {input: Order, write: orders}}}}
# after
services: {checkout: {stores: {orders: {of: Order}}, commands: {submit: {input: Order, write: orders}}}}
```

## Mend
Keep the name: `description` and `owner` can say what it is now. Else move the data, and its callers, by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level
from cncb_compiler.compare.parties import callers_of

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF213", "service-renamed", (Level.BREAKING, Level.RISKY))


def changes(compared: Compared) -> Iterator[Change]:
    """Each service that is recognised under another name."""
    for new, old in compared.services.renamed.items():
        was, now = compared.services.pairs[new]
        callers = callers_of(was)
        yield RULE(
            Level.BREAKING if callers or was.stores else Level.RISKY,
            f"service:{new}",
            f"service {old} is now called {new}: a new stack, which begins without data; the old one stands",
            before=was.at,
            after=now.at,
            affected=callers,
            mend="Keep the name, or move its data and its callers.",
        )
