"""An aggregate of collected events cannot be read.

## What it does
Reports a field of a collecting view that is not `count(EVENT)` or one of `sum min max avg first last` of
`(EVENT, EXPRESSION)`.

## Why is this bad?
A view over collected events is computed from all of them each time. A plain path says nothing about which of
them is meant.

## Example
```yaml
fields:
  spent: total(payment-taken, payment.amount)
```

## Mend
Use `count(EVENT)`, `sum(EVENT, EXPRESSION)`, `min`, `max`, `avg`, `first` or `last`, or `evaluate: {hook:
module.function}`.
"""

from __future__ import annotations

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB113", "bad-aggregate", Severity.ERROR, mendable=True)
