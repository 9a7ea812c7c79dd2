"""Deploying loses data, or leaves it behind.

## What it does
Compares the templates of both revisions: finds resources that hold data (tables, buckets, streams, queues, secrets,
...) and would be removed, or replaced because a property differs that cannot be changed in place. `breaking` where
the data is lost, or stays outside of the stack while the service begins with an empty one. `risky` where it is that
of a view, which a rebuild brings back, of a failure queue, or where it is kept and nothing takes its place. (Of a view
with another `generation` tells DIFF246.)

## Example
```yaml
# before
stores: {orders: {of: Order}}
# after: another key, so another table
stores: {orders: {of: Order, sortKey: version}}
```

## Mend
Deploy the new store beside the old one, copy what it holds, move its readers, and remove the old one last.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Affected, Change, ChangeRule, Level, SideName
from cncb_compiler.deploy.difference import ResourceChange
from cncb_compiler.deploy.losses import LOG_GROUP
from cncb_compiler.source.location import Location

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF301", "data-lost", (Level.BREAKING, Level.RISKY))


def changes(compared: Compared) -> Iterator[Change]:
    """Each resource with data that goes, or is replaced."""
    for stack in compared.stacks:
        for one in stack.changes:
            if not one.told or one.logical_id in stack.moved or one.kind == LOG_GROUP:
                continue
            if compared.replaces_copy(one.at):
                continue
            mild = "replaying" in one.told or one.kind == QUEUE or (one.fate == "kept" and one.action == "remove")
            yield RULE(
                Level.RISKY if mild else Level.BREAKING,
                f"resource:{stack.service}.{one.logical_id}",
                f"service {stack.service}: {one.logical_id} ({one.kind.removeprefix('AWS::')}) is "
                f"{'removed' if one.action == 'remove' else 'replaced'}"
                + (f", for its {', '.join(one.details)}" if one.details else "")
                + f": {one.told}",
                before=one.at if one.gone else None,
                after=None if one.gone else one.at,
                affected=(Affected(stack.service, f"service:{stack.service}", "holds the data", "", *place(one)),),
                mend="" if mild else "Make the new one beside it, copy the data, move its readers, remove the old one.",
            )


QUEUE = "AWS::SQS::Queue"
"""A service's failure queue: what failed, for people to look at."""


def place(change: ResourceChange) -> tuple[SideName, Location]:
    """On which side the declaration of a resource stands, and where."""
    return ("before" if change.gone else "after", change.at or Location("system.yaml"))
