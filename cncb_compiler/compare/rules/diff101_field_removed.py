"""A field is gone from an event, a row, a request or a response.

## What it does
Finds fields that were there before. Of an event it is `breaking` where somebody reads the field, for the consumers
that are deployed today get events without it; `risky` where nobody in the system does, and `safe` where it was
optional. Of a response it is `breaking`. Of a request or a row it is `safe`: what still has it is read as well.

## Example
```yaml
# before
events: {order-submitted: {with: {order: {id: uuid, sku: string}}}}
# after
events: {order-submitted: {with: {order: {id: uuid}}}}
```

## Mend
Move those who read it to something else first, and remove it once they are deployed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level
from cncb_compiler.schema.walk import render_field

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF101", "field-removed", (Level.BREAKING, Level.RISKY, Level.SAFE))


def changes(compared: Compared) -> Iterator[Change]:
    """Each field that is on the side before only."""
    for one in compared.fields:
        if one.field.kind == "removed" and one.field.old is not None:
            message = f"`{one.field.path}` ({render_field(one.field.old)}) is gone"
            yield compared.change(RULE, one, message)
