"""An expression calls a function that does not exist.

## What it does
Reports a call of anything but JMESPath's own functions and `uuid now iso year month day hour lower upper`.

## Why is this bad?
The expression could not be compiled into the handler.

## Example
```yaml
key: {month: mnth(timestamp)}
```

## Mend
Correct the name, or write the logic as a hook: `{hook: module.function}`.
"""

from __future__ import annotations

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB306", "unknown-function", Severity.ERROR, mendable=True)
