"""A replay to a function that is not idempotent.

## What it does
`cncb replay` and `cncb rebuild` report a function that would do something twice, or undo what is newer, when it is
given an event again: a view or reaction with `oplock: false`, and the team's own code without `idempotence: id`.

## Why is this bad?
A replay gives a function events that it has had before, older than what it has written since.

## Example
```yaml
views:
  products: {on: product-updated, key: product.id, oplock: false}
```

## Mend
Remove `oplock: false`; for own code, declare `processing: {idempotence: id}`.
"""

from __future__ import annotations

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB616", "replay-not-idempotent", Severity.ERROR)
