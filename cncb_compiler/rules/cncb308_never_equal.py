"""A comparison that can never be true, or never be false.

## What it does
Reports `==` and `!=` between values whose types have no value in common, such as an enum and a text that is
not one of its values.

## Why is this bad?
A guard or filter that can never hold is a step of the process that silently never happens.

## Example
```yaml
transitions:
  - {on: order-changed, when: "order.status == 'cancelld'", emit: stop-shipping, with: {orderId: order.id}}
```

## Mend
Correct the value that is compared with, or the type that is declared.
"""

from __future__ import annotations

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB308", "never-equal", Severity.ERROR, mendable=True)
