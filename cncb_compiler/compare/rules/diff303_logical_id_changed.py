"""A resource is the same, but under another logical id.

## What it does
Compares the templates of both revisions: finds a resource that goes and one that comes in the same stack, of one type
and with the same properties. To CloudFormation these are two: the new one is made and the old one removed, with what
it holds. `breaking` where that is a store's data, `risky` where a rebuild brings it back, or it has no data but
another address; `safe` for roles, log groups and the like.

## Example
```yaml
# before
views: {products: {on: product-changed}}
# after
views: {catalogue: {on: product-changed}}
```

## Mend
Keep the name of what is declared; logical ids are made of names and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level
from cncb_compiler.deploy.losses import LOG_GROUP

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF303", "logical-id-changed", (Level.BREAKING, Level.RISKY, Level.SAFE))


def changes(compared: Compared) -> Iterator[Change]:
    """Each removed resource that comes back under another id."""
    for stack in compared.stacks:
        for one in stack.changes:
            if one.logical_id in stack.moved and not compared.replaces_copy(one.at):
                rebuilt = "replaying" in one.told
                harmless = not one.told or one.kind == LOG_GROUP
                level = Level.SAFE if harmless else Level.RISKY if rebuilt else Level.BREAKING
                yield RULE(
                    level,
                    f"resource:{stack.service}.{stack.moved[one.logical_id]}",
                    f"service {stack.service}: {one.logical_id} ({one.kind.removeprefix('AWS::')}) is "
                    f"{stack.moved[one.logical_id]} now" + (f": {one.told}" if one.told and not harmless else ""),
                    before=one.at,
                    mend="" if harmless else "Keep the name of what is declared, or move the data.",
                )
