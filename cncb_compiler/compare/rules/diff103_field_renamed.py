"""A field has another name.

## What it does
Finds a field that went and one that came in the same record, of the same type, filled from and read by the same. To
who reads the data of the other side it is gone all the same: judged as the removal of the one and the addition of the
other.

## Example
```yaml
# before
events: {order-submitted: {with: {order: {id: uuid, sku: string}}}}
# after
events: {order-submitted: {with: {order: {id: uuid, product: string}}}}
```

## Mend
Keep the old name beside the new one until everybody reads the new one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF103", "field-renamed", (Level.BREAKING, Level.RISKY, Level.SAFE))


def changes(compared: Compared) -> Iterator[Change]:
    """Each field that is recognised under another name."""
    for one in compared.fields:
        if one.field.kind == "renamed":
            yield compared.change(RULE, one, f"`{one.field.path}` is now called `{one.field.new_path}`")
