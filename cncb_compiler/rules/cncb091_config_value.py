"""The configuration holds something that it may not.

## What it does
Checks the tables and values of `cncb.toml`: `[rules]` maps a code or name to `off`, `info`, `warning` or
`error`; `[ignore]` maps a glob to a list of codes or names.

## Why is this bad?
What it sets would be ignored silently.

## Example
```yaml
# cncb.toml: [rules]
# CNCB401 = "never"
```

## Mend
Use one of the values above.
"""

from __future__ import annotations

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB091", "config-value", Severity.ERROR)
