"""A function may run more or less often at a time.

## What it does
Finds functions whose reserved concurrency differs. Less than before, or any limit where there was none, is `risky`:
callers are throttled. What is reserved is taken from the account's other functions.

## Example
```yaml
# before
function: {}
# after
function: {concurrency: 5}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF503", "concurrency-changed", (Level.RISKY, Level.SAFE))


def changes(compared: Compared) -> Iterator[Change]:
    """Each function on both sides with another concurrency."""
    for pair in compared.functions:
        was, now = pair.old.settings.concurrency, pair.new.settings.concurrency
        if was != now:
            yield RULE(
                Level.RISKY if now is not None and (was is None or now < was) else Level.SAFE,
                f"function:{pair.service}.{pair.new.name}",
                f"function {pair.service}.{pair.new.name}: reserved concurrency {said(now)} instead of {said(was)}",
                before=pair.old.at,
                after=pair.new.at,
            )


def said(concurrency: int | None) -> str:
    """What is reserved, in words."""
    return "none" if concurrency is None else str(concurrency)
