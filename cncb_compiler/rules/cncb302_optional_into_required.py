"""A value that may be absent fills a field that is required.

## What it does
Reports a mapping whose value may be null or absent (an optional field on its path, an item that a list may
not have, a function of an empty list) where the field that it fills is required.

## Why is this bad?
The first event without the value makes one that breaks its own schema, and fails in a consumer far from the
cause.

## Example
```yaml
types:
  Order: {id: uuid, note: string?}
events:
  order-labelled: {entity: label, with: {text: string}}
transitions:
  - {on: order-packed, emit: order-labelled, with: {text: order.note}}
```

## Mend
Give an alternative (`order.note || 'none'`, `not_null(order.note, order.id)`), or make the target field
optional.
"""

from __future__ import annotations

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB302", "optional-into-required", Severity.ERROR)
