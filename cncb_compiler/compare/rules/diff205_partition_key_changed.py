"""An event's partition key is made of something else.

## What it does
Finds events whose partition key is computed otherwise. Events of one key stay in order; between events before and
after the change there is no order, and what counts on one shard having all events of a key finds them on two.

## Example
```yaml
# before
events: {order-submitted: {entity: order, with: {order: Order}}}
# after
events: {order-submitted: {entity: order, with: {order: Order}, partitionKey: order.customerId}}
```

## Mend
Make sure that each consumer bears events out of order (an inverse oplock does), or publish a new event type.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level
from cncb_compiler.compare.parties import consumers, partition_key

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF205", "partition-key-changed", (Level.RISKY,))


def changes(compared: Compared) -> Iterator[Change]:
    """Each event on both sides whose key, said or derived, differs."""
    for was, now in compared.events.both():
        keys = partition_key(compared.before, was.name), partition_key(compared.after, now.name)
        if None not in keys and keys[0] != keys[1]:
            yield RULE(
                Level.RISKY,
                f"event:{now.name}",
                f"event {now.name}: its partition key is `{keys[1]}` instead of `{keys[0]}`",
                before=was.at,
                after=now.at / "partitionKey",
                affected=consumers(compared.after, now.name, "after", "listens to it in the order of its keys"),
                mend="Make sure that consumers bear events out of order while both keys are in the stream.",
            )
