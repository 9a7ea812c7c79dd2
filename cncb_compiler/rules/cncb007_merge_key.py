"""`<<` merges nothing in YAML 1.2.

## What it does
Looks for the merge key of YAML 1.1.

## Why is this bad?
It was dropped from YAML, tools differ in which side wins, and the place of a merged key cannot be shown to
the reader.

## Example
```yaml
orders:
  <<: *common
  key: id
```

## Mend
Write the keys out. An alias may stand for a whole value: `fields: *common`.
"""

from __future__ import annotations

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB007", "merge-key", Severity.ERROR)
