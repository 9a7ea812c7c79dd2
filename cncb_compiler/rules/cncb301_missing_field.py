"""A required field is not filled.

## What it does
Compares a mapping with the type of what it makes (an event, a row, a response) and reports each required
field that no mapping fills.

## Why is this bad?
Whoever consumes the event or reads the row relies on the field. Information completeness means that each
field can be traced to where it comes from.

## Example
```yaml
events:
  order-shipped: {entity: order, with: {orderId: uuid, carrier: string}}
transitions:
  - {on: order-packed, emit: order-shipped, with: {orderId: order.id}}   # no carrier
```

## Mend
Add a mapping for the field, or declare the field optional (`carrier: string?`).
"""

from __future__ import annotations

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB301", "missing-field", Severity.ERROR)
