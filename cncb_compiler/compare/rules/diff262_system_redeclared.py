"""The system, or a stream, is declared otherwise, in what no other kind of change is about.

## What it does
Finds other tags on all resources (`safe`), and streams of which any other key differs (`risky`: publishers and
consumers of a stream must agree).

## Example
```yaml
# before
tags: {cost-center: "1"}
# after
tags: {cost-center: "2"}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level
from cncb_compiler.compare.settings import said, settings

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF262", "system-redeclared", (Level.RISKY, Level.SAFE))


def changes(compared: Compared) -> Iterator[Change]:
    """The tags, then each stream on both sides with a key that differs and has no kind of its own."""
    before, after = compared.before.system.declared, compared.after.system.declared
    if before.tags != after.tags:
        names = sorted(key for key in {*before.tags, *after.tags} if before.tags.get(key) != after.tags.get(key))
        yield RULE(
            Level.SAFE, "system", f"all resources have other tags: {', '.join(names)}", before=before.at, after=after.at
        )
    for was, now in compared.streams:
        found = list(settings(was.decl, now.decl, ("shards", "retention", "encryption")))
        if found:
            yield RULE(
                Level.RISKY,
                f"stream:{now.name}",
                f"stream {now.name}: {said(found)}",
                before=was.at,
                after=now.at / found[0].path[0],
            )
