"""Aliases repeat too many values.

## What it does
Counts the values that aliases repeat in one file, up to 10,000.

## Why is this bad?
A few lines of aliases of aliases can stand for billions of values ("billion laughs"), and would exhaust
memory.

## Example
```yaml
a: &a [x, x, x, x, x, x, x, x, x, x]
b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
e: [*d, *d]
```

## Mend
Use fewer aliases. Named types, and the defaults of the system, say things once too.
"""

from __future__ import annotations

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB006", "alias-expansion", Severity.ERROR)
