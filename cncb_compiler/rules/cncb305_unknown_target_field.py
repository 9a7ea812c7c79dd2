"""A mapping fills a field that its target does not have.

## What it does
Reports a key of a mapping that is not a field of the event, row or response that it makes.

## Why is this bad?
Consumers cannot know of a field that the schema does not declare, so the value would be lost, or leak
unnoticed.

## Example
```yaml
events:
  order-shipped: {entity: order, with: {orderId: uuid}}
transitions:
  - {on: order-packed, emit: order-shipped, with: {orderID: order.id}}
```

## Mend
Correct the name, or declare the field in the target's schema.
"""

from __future__ import annotations

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB305", "unknown-target-field", Severity.ERROR, mendable=True)
