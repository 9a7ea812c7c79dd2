"""An ignore comment names no rules.

## What it does
Checks that `# cncb: ignore` is followed by codes in brackets.

## Why is this bad?
It ignores nothing, although somebody thought that it did.

## Example
```yaml
on: order-paid   # cncb: ignore CNCB401
```

## Mend
Write `# cncb: ignore[CODE] reason`.
"""

from __future__ import annotations

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB096", "malformed-ignore", Severity.WARNING)
