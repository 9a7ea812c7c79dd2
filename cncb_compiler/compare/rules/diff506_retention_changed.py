"""A stream keeps events for another time.

## What it does
Finds streams whose `retention` differs. Longer costs more: `safe`. Shorter is `risky`: a consumer that stands still
for longer than that misses events.

## Example
```yaml
# before
streams: {main: {retention: 168h}}
# after
streams: {main: {retention: 24h}}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level
from cncb_compiler.model.base import seconds

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF506", "retention-changed", (Level.RISKY, Level.SAFE))


def changes(compared: Compared) -> Iterator[Change]:
    """Each stream on both sides with another retention."""
    for was, now in compared.streams:
        before, after = was.decl.retention, now.decl.retention
        if seconds(before) != seconds(after):
            yield RULE(
                Level.RISKY if seconds(after) < seconds(before) else Level.SAFE,
                f"stream:{now.name}",
                f"stream {now.name} keeps events for {after} instead of {before}",
                before=was.at / "retention",
                after=now.at / "retention",
            )
