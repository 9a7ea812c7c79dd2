"""A route that anybody could call takes credentials, or others than before.

## What it does
Finds routes whose `auth`, their own or their API's, was `none` or of another kind. `breaking` for callers of today.

## Example
```yaml
# before
api: {auth: none}
# after
api: {auth: iam}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level
from cncb_compiler.compare.parties import guarded

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF402", "auth-required", (Level.BREAKING,))


def changes(compared: Compared) -> Iterator[Change]:
    """Each route on both sides that asks for something else now."""
    for was, now in guarded(compared):
        if was.auth != now.auth and now.auth != "none":
            yield RULE(
                Level.BREAKING,
                now.name,
                f"{now.noun}: {now.route} takes {now.auth} instead of {was.auth}",
                before=was.at,
                after=now.at,
                affected=was.callers,
            )
