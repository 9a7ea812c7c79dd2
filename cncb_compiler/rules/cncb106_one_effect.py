"""A declaration that does not do exactly one thing.

## What it does
Commands have exactly one of `write`, `update`, `delete`, `publish`; reactions exactly one of `write`,
`update`, `delete`, `call`.

## Why is this bad?
Two writes of one function are not atomic: the second can fail after the first has happened (dual write). None
does nothing.

## Example
```yaml
commands:
  submit: {write: orders, publish: order-submitted}
```

## Mend
Write the store and let `changes` publish (database-first), or publish and let a view keep the data (event-
first).
"""

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB106", "one-effect", Severity.ERROR)
