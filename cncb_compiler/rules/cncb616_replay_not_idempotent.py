"""A replay to a function that is not idempotent.

## What it does
`cncb replay` and `cncb rebuild` report a function that would do something twice, or undo what is newer, when it is
given an event again: a view or reaction that writes with `idempotence: none`, and a hook that only its service's
`idempotence: none` reaches. A rebuild wants a view's rows to be the same in any order of events, so it refuses
`idempotence: id` too.

## Why is this bad?
A replay gives a function events that it has had before, older than what it has written since.

## Example
```yaml
views:
  products: {on: product-updated, key: product.id, processing: {idempotence: none}}
```

## Mend
Remove `idempotence: none`. The rows that a view has written without are not guarded against older events, so it is not
replayed to, but rebuilt: `cncb rebuild SERVICE.VIEW` fills a fresh copy and switches to it. A hook that is idempotent
by its nature says `idempotence: none` itself.
"""

from __future__ import annotations

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB616", "replay-not-idempotent", Severity.ERROR)
