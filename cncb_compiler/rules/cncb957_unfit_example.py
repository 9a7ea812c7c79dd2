"""A value in a scenario does not fit its type.

## What it does
Checks the data of events, rows and keys in a scenario against the system's types, to the last nested field. What is
expected may leave fields out, but not name fields that do not exist.

## Why is this bad?
The example would show something that cannot happen, and an expectation that cannot be met fails late.

## Example
```yaml
# scenarios/order.yaml
scenario: An order is taken
when:
  - publish: order-submitted
    data: {order: {id: 1}}   # an id is a uuid
```

## Mend
Write a value of the declared type; to publish something else on purpose, `publish: {raw: ...}`.
"""

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB957", "unfit-example", Severity.ERROR)
