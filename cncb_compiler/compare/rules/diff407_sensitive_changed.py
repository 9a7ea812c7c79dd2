"""A field is no longer marked sensitive, or is now.

## What it does
Finds fields of events, rows and requests whose mark `sensitive` differs. Without the mark it is shown in logs, faults
and tests: `risky`. With it, `safe`.

## Example
```yaml
# before
types: {Customer: {id: uuid, email: {type: email, sensitive: true}}}
# after
types: {Customer: {id: uuid, email: email}}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF407", "sensitive-changed", (Level.RISKY, Level.SAFE))


def changes(compared: Compared) -> Iterator[Change]:
    """Each field whose mark differs."""
    for one in compared.fields:
        if one.field.kind in ("marked", "unmarked") and one.carrier.kind != "response":
            gone = one.field.kind == "unmarked"
            message = f"`{one.field.new_path}` is {'no longer' if gone else 'now'} marked sensitive"
            yield compared.change(RULE, one, message, least=Level.RISKY if gone else Level.SAFE)
