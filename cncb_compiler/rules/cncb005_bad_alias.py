"""An alias repeats nothing, or itself.

## What it does
Checks that each `*name` has a value marked `&name` before it, and is not inside that value.

## Why is this bad?
There is nothing to repeat; or the value would have no end.

## Example
```yaml
views:
  products: {on: *product-events, key: product.id}   # no &product-events above
```

## Mend
Mark the value with `&name` before it is used. Quote text that begins with `*`.
"""

from __future__ import annotations

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB005", "bad-alias", Severity.ERROR)
