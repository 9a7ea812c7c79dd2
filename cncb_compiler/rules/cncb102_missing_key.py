"""A key that a declaration must have.

## What it does
Refuses declarations without a key that cannot be derived from anything else.

## Why is this bad?
The compiler would have to guess.

## Example
```yaml
stores:
  orders: {key: id}   # `of` is missing: rows of which type?
```

## Mend
Add the key.
"""

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB102", "missing-key", Severity.ERROR)
