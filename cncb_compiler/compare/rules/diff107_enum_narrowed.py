"""An enum lost values.

## What it does
Finds enums without values that they had. Events in the lake, rows and requests may still hold them: `breaking` where
the field is read, else `risky`. Of a response it is `safe`. An enum that both lost and gained values is found here.

## Example
```yaml
# before
types: {Order: {id: uuid, status: "enum(open, paid, closed)"}}
# after
types: {Order: {id: uuid, status: "enum(open, closed)"}}
```

## Mend
Keep the value, and say in its description that nothing makes it any more.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF107", "enum-narrowed", (Level.BREAKING, Level.RISKY, Level.SAFE))


def changes(compared: Compared) -> Iterator[Change]:
    """Each enum that lacks one of its former values."""
    for one in compared.fields:
        if one.field.kind == "retyped" and one.field.enums is not None:
            was, now = (set(enum.values) for enum in one.field.enums)
            if was - now:
                lost = ", ".join(f"`{value}`" for value in sorted(was - now))
                gained = ", ".join(f"`{value}`" for value in sorted(now - was))
                more = f", but can be {gained}" if gained else ""
                yield compared.change(RULE, one, f"`{one.field.new_path}` cannot be {lost} any more{more}")
