"""An ignore comment ignores nothing.

## What it does
Checks that each code in `# cncb: ignore[...]` silences a finding on its line.

## Why is this bad?
It would silence a finding that comes later, which nobody has judged.

## Example
```yaml
on: order-paid   # cncb: ignore[CNCB401] paid by hand until March
```

## Mend
Remove the code, or the whole comment.
"""

from __future__ import annotations

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB094", "unused-ignore", Severity.WARNING, mendable=True)
