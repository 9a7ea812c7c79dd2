"""Deploying adds, modifies or removes resources of a stack.

## What it does
Compares the templates of both revisions, and counts for each stack what deploying does to it apart from what is told
by itself. It is `safe`. The code of functions is not compared. `cncb plan` asks CloudFormation itself, of what is
deployed.

## Example
```yaml
# before
services: {orders: {}}
# after
services: {orders: {queries: {orders: {route: GET /orders, from: orders}}}}
```
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level
from cncb_compiler.deploy.difference import ResourceChange
from cncb_compiler.deploy.losses import LOG_GROUP

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF304", "resources-changed", (Level.SAFE,))


def changes(compared: Compared) -> Iterator[Change]:
    """One for each stack with changes that nothing else tells of."""
    for stack in compared.stacks:
        back = {*stack.moved, *stack.moved.values()}
        counted: Counter[str] = Counter(
            one.action
            for one in stack.changes
            if one.action != "replace" and one.logical_id not in back and not told(one)
        )
        if counted:
            words = {"add": "added", "modify": "modified", "remove": "removed"}
            said = ", ".join(f"{word} {counted[action]}" for action, word in words.items() if counted[action])
            service = compared.after.system.services[stack.service]
            yield RULE(
                Level.SAFE, f"service:{stack.service}", f"stack of {stack.service}: resources {said}", after=service.at
            )


def told(change: ResourceChange) -> bool:
    """Whether a change of its own tells what becomes of the data."""
    return bool(change.told) and change.kind != LOG_GROUP
