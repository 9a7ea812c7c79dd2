"""A system lies inside the folder of another system.

## What it does
Looks for `system:` in files below a system's folder.

## Why is this bad?
All files below a system's folder belong to it, so the inner files would belong to two systems.

## Example
```yaml
# shop/system.yaml
system: shop
# shop/returns/system.yaml
system: returns
```

## Mend
Move the inner system beside the outer one, or remove its `system:` key if its files are part of the outer
one.
"""

from __future__ import annotations

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB017", "nested-system", Severity.ERROR)
