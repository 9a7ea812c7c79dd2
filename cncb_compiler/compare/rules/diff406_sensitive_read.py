"""Something reads a sensitive field that it did not read before.

## What it does
Follows the lineage of fields marked `sensitive`: finds views, stores, events and responses that are filled from one
now, and were not. `risky`: personal data or a secret goes where it was not.

## Example
```yaml
# before
views: {orders: {on: order-submitted, fields: {id: order.id}}}
# after
views: {orders: {on: order-submitted, fields: {id: order.id, email: order.email}}}
```

## Mend
Leave it out where it is not needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Affected, Change, ChangeRule, Level
from cncb_compiler.compare.parties import node_of
from cncb_compiler.compare.sensitive import flows, is_sensitive

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF406", "sensitive-read", (Level.RISKY,))


def changes(compared: Compared) -> Iterator[Change]:
    """Each new pair of a target and a sensitive source."""
    known = {
        (compared.name_after(target), compared.name_after(source)) for target, source, _, _ in flows(compared.before)
    }
    told: set[tuple[str, str]] = set()
    for target, source, construct, at in flows(compared.after):
        if (target, source) in known or (target, source) in told or not is_sensitive(compared.after, source):
            continue
        told.add((target, source))
        yield RULE(
            Level.RISKY,
            target,
            f"`{target}` is filled from `{source}`, which is sensitive",
            after=at,
            affected=(Affected(construct.service, node_of(construct), "reads it", "", "after", at),),
            mend="Leave it out where it is not needed.",
        )
