"""A field that could be absent is required now.

## What it does
Finds fields that lost their `?`. Older events, rows and requests may lack them: `breaking` where the field is read,
else `risky`. Of a response it is `safe`.

## Example
```yaml
# before
types: {Order: {id: uuid, note: string?}}
# after
types: {Order: {id: uuid, note: string}}
```

## Mend
Leave it optional, and require it where it is made: of a command's input, in a new field, or in a new event.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF105", "field-required", (Level.BREAKING, Level.RISKY, Level.SAFE))


def changes(compared: Compared) -> Iterator[Change]:
    """Each field that was optional."""
    for one in compared.fields:
        if one.field.kind == "required":
            yield compared.change(RULE, one, f"`{one.field.new_path}` is required now")
