"""A function has more or less time.

## What it does
Finds functions whose timeout differs, wherever it is said. Less is `risky`: what takes longer is cut off. More is
`safe`.

## Example
```yaml
# before
function: {timeout: 60s}
# after
function: {timeout: 10s}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF502", "timeout-changed", (Level.RISKY, Level.SAFE))


def changes(compared: Compared) -> Iterator[Change]:
    """Each function on both sides with another timeout."""
    for pair in compared.functions:
        was, now = pair.old.settings.timeout, pair.new.settings.timeout
        if was != now:
            yield RULE(
                Level.RISKY if now < was else Level.SAFE,
                f"function:{pair.service}.{pair.new.name}",
                f"function {pair.service}.{pair.new.name}: a timeout of {now}s instead of {was}s",
                before=pair.old.at,
                after=pair.new.at,
            )
