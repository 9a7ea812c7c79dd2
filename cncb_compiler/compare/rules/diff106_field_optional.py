"""A field that was always there may be absent now.

## What it does
Finds fields that got a `?`. Consumers and callers of today rely on them: `breaking` where an event's field is read,
or in a response; `risky` where nobody in the system reads it. Of a request or a row it is `safe`.

## Example
```yaml
# before
events: {order-submitted: {with: {order: {id: uuid, email: email}}}}
# after
events: {order-submitted: {with: {order: {id: uuid, email: email?}}}}
```

## Mend
Deploy consumers that can do without it first.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF106", "field-optional", (Level.BREAKING, Level.RISKY, Level.SAFE))


def changes(compared: Compared) -> Iterator[Change]:
    """Each field that was required."""
    for one in compared.fields:
        if one.field.kind == "optional":
            yield compared.change(RULE, one, f"`{one.field.new_path}` may be absent now")
