"""A rule that cannot be silenced is told to be silent.

## What it does
Looks for attempts to ignore or lower rules of the groups source, structure and reference (CNCB0xx, 1xx,
2xx).

## Why is this bad?
Without a source that is understood nothing can be compiled; silence would only hide why.

## Example
```yaml
on: order-piad   # cncb: ignore[CNCB201] later
```

## Mend
Mend the finding, and remove the comment or setting.
"""

from __future__ import annotations

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB093", "not-ignorable", Severity.WARNING, mendable=True)
