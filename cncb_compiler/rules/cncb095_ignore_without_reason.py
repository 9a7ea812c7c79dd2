"""An ignore comment gives no reason.

## What it does
Checks that a reason stands after `# cncb: ignore[...]`.

## Why is this bad?
The next reader cannot tell whether it still holds.

## Example
```yaml
on: order-paid   # cncb: ignore[CNCB401]
```

## Mend
Write why after the bracket: `# cncb: ignore[CNCB401] published by the legacy shop`.
"""

from __future__ import annotations

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB095", "ignore-without-reason", Severity.WARNING)
