"""An operation in an expression gets something that it cannot work on.

## What it does
Reports a function called with too few or too many arguments or with one of a wrong type, an ordering
comparison between values that have no order, a step of 0 in a slice, and an argument that may be absent where
JMESPath would fail on null.

## Why is this bad?
JMESPath raises an error at run time for each of these, in the middle of a batch of events.

## Example
```yaml
set:
  count: length(order.total)     # a number has no length
```

## Mend
Pass a value of the type that is asked for; give an alternative to an optional one (`length(order.lines ||
`[]`)`).
"""

from __future__ import annotations

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB307", "bad-argument", Severity.ERROR)
