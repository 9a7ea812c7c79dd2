"""Values are nested too deep.

## What it does
Checks that at most 50 maps and lists stand inside each other, aliases followed.

## Why is this bad?
Nobody can read it, and it is what an attack on a parser looks like.

## Example
```yaml
deep: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]
```

## Mend
Name inner parts under `types` and refer to them.
"""

from __future__ import annotations

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB010", "nested-too-deep", Severity.ERROR)
