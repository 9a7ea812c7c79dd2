"""A field has another type.

## What it does
Finds fields whose type differs, and checks the types in both directions: whether old data can be read as the new
type, and new data as the old one. Where a direction that matters does not hold it is `breaking` if the field is read,
else `risky`; where both hold (a plain string that becomes an email) it is `risky`, for older data was never checked.
Enums that gain or lose values are DIFF107 and DIFF108.

## Example
```yaml
# before
types: {Order: {id: uuid, total: integer}}
# after: consumers that count in integers get 12.5
types: {Order: {id: uuid, total: number}}
```

## Mend
Add a field of the new type beside the old one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level
from cncb_compiler.schema.walk import render_type

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF104", "field-retyped", (Level.BREAKING, Level.RISKY, Level.SAFE))


def changes(compared: Compared) -> Iterator[Change]:
    """Each field of another type, enums on both sides left out."""
    for one in compared.fields:
        field = one.field
        if field.kind == "retyped" and field.enums is None and field.old is not None and field.new is not None:
            was, now = render_type(field.old.type), render_type(field.new.type)
            yield compared.change(RULE, one, f"`{field.new_path}` is {now} instead of {was}", least=Level.RISKY)
