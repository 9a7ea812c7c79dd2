"""A key is written twice in one map.

## What it does
Checks that each key stands once in its map, and shows both places.

## Why is this bad?
YAML forbids it. Most parsers keep the last one silently, so that a declaration disappears without a word.

## Example
```yaml
stores:
  orders: {of: Order}
  orders: {of: Payment}   # which one is meant?
```

## Mend
Remove one of the two, or rename it.
"""

from __future__ import annotations

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB002", "duplicate-key", Severity.ERROR)
