"""A declaration listens to one more event.

## What it does
Finds views, reactions, transitions and functions that were there before and listen to more. It is `safe`.

## Example
```yaml
# before
views: {products: {on: product-created}}
# after
views: {products: {on: [product-created, product-updated]}}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level
from cncb_compiler.compare.parties import listened

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF225", "listener-added", (Level.SAFE,))


def changes(compared: Compared) -> Iterator[Change]:
    """Each pair of a declaration and an event that is there after."""
    for was, now, _, gained in listened(compared):
        for event in gained:
            yield RULE(
                Level.SAFE,
                now.name,
                f"{now.noun} listens to {event} too",
                before=was.construct.at,
                after=now.construct.at,
            )
