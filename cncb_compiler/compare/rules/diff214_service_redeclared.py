"""A service is declared otherwise, in what no other kind of change is about.

## What it does
Finds services of which any other key differs: `kind`, `processing`, `resources`, `overrides`, ... `risky`; another
`owner` alone is `safe`.

## Example
```yaml
# before
services: {search: {processing: {batchSize: 100}}}
# after
services: {search: {processing: {batchSize: 500}}}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level
from cncb_compiler.compare.compared import sections
from cncb_compiler.compare.settings import said, settings

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF214", "service-redeclared", (Level.RISKY, Level.SAFE))


def changes(compared: Compared) -> Iterator[Change]:
    """Each service on both sides with a key that differs, apart from what it declares by name."""
    for was, now in compared.services.both():
        named = {*sections(was), *sections(now), "transitions", "function"}
        found = [
            one for one in settings(was.decl, now.decl, named) if one.path[:2] not in (("api", "auth"), ("api", "cors"))
        ]
        if found:
            yield RULE(
                Level.SAFE if {one.path[0] for one in found} == {"owner"} else Level.RISKY,
                f"service:{now.name}",
                f"service {now.name}: {said(found)}",
                before=was.at,
                after=now.at / found[0].path[0],
            )
