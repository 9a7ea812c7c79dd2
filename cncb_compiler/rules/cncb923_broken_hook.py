"""A hook file that is no Python.

## What it does
Parses each hook file that is called.

## Why is this bad?
The function's package could not be imported.

## Example
```yaml
with: {amount: {hook: pricing.total}}   # hooks/order-process/pricing.py: def total(event:
```

## Mend
Mend the file at the line that the message names.
"""

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB923", "broken-hook", Severity.ERROR)
