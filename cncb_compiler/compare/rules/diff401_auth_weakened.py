"""A route that was guarded is open to everybody.

## What it does
Finds routes whose `auth`, their own or their API's, is `none` and was not. `breaking`: a reviewer must look at it.

## Example
```yaml
# before
api: {auth: iam}
# after
api: {auth: none}
```

## Mend
Say `auth: none` only on the routes that everybody may call.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level
from cncb_compiler.compare.parties import guarded

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF401", "auth-weakened", (Level.BREAKING,))


def changes(compared: Compared) -> Iterator[Change]:
    """Each route on both sides that is open now."""
    for was, now in guarded(compared):
        if was.auth != "none" and now.auth == "none":
            yield RULE(
                Level.BREAKING,
                now.name,
                f"{now.noun}: everybody may call {now.route}; before, it took {was.auth}",
                before=was.at,
                after=now.at,
                affected=(now.owner,),
            )
