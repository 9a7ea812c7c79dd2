"""A scenario names a function that no service has.

## What it does
Looks up each function of a scenario (`invoke`, `kill`, `duplicate`, `shuffle`, of `faults`) among the functions of
the system: by its planned name (`orders.command-submit`) or its declared one (`orders.submit`), where that says enough.

## Why is this bad?
Nothing would be invoked, and a switch would never make trouble: the scenario would prove less than it says.

## Example
```yaml
# scenarios/order.yaml
scenario: An order is taken
when: [{invoke: order-bff.sumbit}]
```

## Mend
Use the name that is meant; `cncb explain` of a declaration shows its functions.
"""

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB956", "unknown-target", Severity.ERROR)
