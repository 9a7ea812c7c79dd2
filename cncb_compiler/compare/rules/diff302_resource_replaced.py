"""Deploying replaces a resource that holds no data.

## What it does
Compares the templates of both revisions: finds resources of which a property differs that CloudFormation cannot
change in place (AWS: "Update requires: Replacement"). They have another physical id afterwards: an API has another
address, an event source mapping begins at its starting position again.

## Example
```yaml
# before
views: {orders: {on: order-submitted}}
# after
views: {orders: {on: order-submitted, processing: {startingPosition: LATEST}}}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level
from cncb_compiler.deploy.losses import LOG_GROUP

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF302", "resource-replaced", (Level.RISKY,))


def changes(compared: Compared) -> Iterator[Change]:
    """Each replaced resource that has no data to lose."""
    for stack in compared.stacks:
        for one in stack.changes:
            if one.action == "replace" and (not one.told or one.kind == LOG_GROUP):
                yield RULE(
                    Level.RISKY,
                    f"resource:{stack.service}.{one.logical_id}",
                    f"service {stack.service}: {one.logical_id} ({one.kind.removeprefix('AWS::')}) is replaced, "
                    f"for its {', '.join(one.details)}",
                    after=one.at,
                )
