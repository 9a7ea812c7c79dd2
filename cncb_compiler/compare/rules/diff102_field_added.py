"""A field is new in an event, a row, a request or a response.

## What it does
Finds fields that were not there before. An optional one is `safe`. A required one is `breaking` where it is read and
older data lacks it: events in the lake and the stream, rows of a store, requests of today's callers. Rows of a view
lack it only until they are rebuilt, which is `risky`; so is a required field of an event that nobody reads yet.

## Example
```yaml
# before
commands: {submit: {route: POST /orders, input: {sku: string}, write: orders}}
# after: today's callers do not send it
commands: {submit: {route: POST /orders, input: {sku: string, note: string}, write: orders}}
```

## Mend
Make it optional (`?`), and say in the mapping what stands for it where it is absent: `note || ''`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level
from cncb_compiler.schema.walk import render_field

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF102", "field-added", (Level.BREAKING, Level.RISKY, Level.SAFE))


def changes(compared: Compared) -> Iterator[Change]:
    """Each field that is on the side after only."""
    for one in compared.fields:
        if one.field.kind == "added" and one.field.new is not None:
            yield compared.change(RULE, one, f"`{one.field.new_path}` ({render_field(one.field.new)}) is new")
