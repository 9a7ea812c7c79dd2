"""A key is not a string.

## What it does
Checks that all keys are strings. `on`, `yes` and `no` are strings in YAML 1.2; numbers, `true`, `null`,
lists and maps are not.

## Why is this bad?
Keys are names. A number as a key looks different in JSON (`1`, `1.0`, `"1"`), and tools disagree about it.

## Example
```yaml
statuses:
  200: ok
```

## Mend
Quote the key: `"200": ok`.
"""

from __future__ import annotations

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB003", "non-string-key", Severity.ERROR, mendable=True)
