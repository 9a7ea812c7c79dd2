"""A stream has more or fewer shards.

## What it does
Finds streams whose `shards` differ. More shards cost more and carry more: `safe`. Fewer, or a fixed number instead of
capacity on demand, are `risky`: producers may be throttled.

## Example
```yaml
# before
streams: {main: {}}
# after
streams: {main: {shards: 2}}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF505", "stream-capacity-changed", (Level.RISKY, Level.SAFE))


def changes(compared: Compared) -> Iterator[Change]:
    """Each stream on both sides with other capacity."""
    for was, now in compared.streams:
        before, after = was.decl.shards, now.decl.shards
        if before != after:
            yield RULE(
                Level.RISKY if after is not None and (before is None or after < before) else Level.SAFE,
                f"stream:{now.name}",
                f"stream {now.name}: {said(after)} instead of {said(before)}",
                before=was.at / "shards",
                after=now.at / "shards",
            )


def said(shards: int | None) -> str:
    """A capacity in words."""
    return "capacity on demand" if shards is None else f"{shards} shard{'s' if shards > 1 else ''}"
