"""A hook whose file exists, but has no such function.

## What it does
Looks up the function of each `hook:` and `handler:` in `hooks/<service>/<module>.py`.

## Why is this bad?
The function's package could not be imported. The file is the team's own, so cncb does not add to it.

## Example
```yaml
with: {amount: {hook: pricing.totl}}   # hooks/order-process/pricing.py defines `total`
```

## Mend
Add the function to the file, or correct the name.
"""

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB922", "missing-hook", Severity.ERROR)
