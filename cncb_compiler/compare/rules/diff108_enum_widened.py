"""An enum gained values.

## What it does
Finds enums with values that they had not. Consumers and callers of today do not know them: `breaking` where an
event's field is read, or in a response; `risky` where nobody in the system reads it. Of a request or a row it is
`safe`.

## Example
```yaml
# before
types: {Order: {id: uuid, status: "enum(open, closed)"}}
# after
types: {Order: {id: uuid, status: "enum(open, paid, closed)"}}
```

## Mend
Deploy the consumers first; or publish a new event for what is new.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF108", "enum-widened", (Level.BREAKING, Level.RISKY, Level.SAFE))


def changes(compared: Compared) -> Iterator[Change]:
    """Each enum that has new values and kept its former ones."""
    for one in compared.fields:
        if one.field.kind == "retyped" and one.field.enums is not None:
            was, now = (set(enum.values) for enum in one.field.enums)
            if was < now:
                gained = ", ".join(f"`{value}`" for value in sorted(now - was))
                yield compared.change(RULE, one, f"`{one.field.new_path}` can also be {gained}")
