"""A code or name is not that of a rule.

## What it does
Checks the codes in `cncb.toml` and in `# cncb: ignore[...]` comments.

## Why is this bad?
It has no effect, although somebody thought that it had.

## Example
```yaml
on: order-paid   # cncb: ignore[CNCB999] still to come
```

## Mend
Correct it; `cncb rules` lists all codes and names.
"""

from __future__ import annotations

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB092", "unknown-rule", Severity.WARNING, mendable=True)
