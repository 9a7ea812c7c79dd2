"""A new route is open to everybody.

## What it does
Finds routes that were not there before and have `auth: none`. `risky`: a reviewer must look at it.

## Example
```yaml
# after
queries: {products: {route: GET /products, auth: none, from: products}}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level
from cncb_compiler.compare.parties import new_routes

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF403", "route-opened", (Level.RISKY,))


def changes(compared: Compared) -> Iterator[Change]:
    """Each open route on the side after only."""
    for one in new_routes(compared):
        if one.auth == "none":
            yield RULE(
                Level.RISKY,
                one.name,
                f"{one.noun}: everybody may call {one.route}",
                after=one.at,
                affected=(one.owner,),
            )
