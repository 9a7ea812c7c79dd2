"""A scenario uses a name before anything is bound to it.

## What it does
Follows `as: NAME` through a scenario, from `given` over the steps to `then`, and reports each `$NAME` that comes
before, or is never bound.

## Why is this bad?
There would be no value to send or to compare with.

## Example
```yaml
# scenarios/order.yaml
scenario: An order is taken
when:
  - call: "GET /orders/{id}"
    path: {id: $order}   # nothing is named order
```

## Mend
Bind the name where its value first appears (`{is: uuid, as: order}`), or write `$$` for a text that begins with `$`.
"""

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB958", "unbound-name", Severity.ERROR)
