"""A type is named that the system does not have.

## What it does
Reports a capitalised name in type notation, or a `$ref: '#/types/NAME'`, that no file of the system declares
under `types`.

## Why is this bad?
The name is taken as a reference to a named type, so everything that is mapped from or to it would go
unchecked.

## Example
```yaml
types:
  Order: {lines: [OrderLne]}
  OrderLine: {sku: string}
```

## Mend
Correct the name, or declare the type under `types`.
"""

from __future__ import annotations

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB202", "unknown-type", Severity.ERROR, mendable=True)
