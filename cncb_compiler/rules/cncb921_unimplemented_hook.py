"""A hook that is still what was scaffolded.

## What it does
Finds hooks that only raise `NotImplementedError`, and hooks whose file is not there yet (`cncb compile`
writes it once).

## Why is this bad?
The system compiles and deploys, but each event that reaches the hook becomes a fault.

## Example
```yaml
with: {amount: {hook: pricing.total}}   # hooks/order-process/pricing.py: raise NotImplementedError
```

## Mend
Write the function in the file that the message names.
"""

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB921", "unimplemented-hook", Severity.WARNING)
