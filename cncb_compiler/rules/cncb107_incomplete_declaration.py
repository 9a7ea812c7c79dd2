"""A declaration whose keys do not make a whole.

## What it does
Finds keys that need another key, or that exclude each other: a view without `on` or `collect`, a `join`
without `by`, `fields` beside `evaluate`, an `update` without `set`, a `generation` of a collected view.

## Why is this bad?
The compiler would have to guess.

## Example
```yaml
views:
  products: {key: product.id, fields: {id: product.id}}   # kept from which events?
```

## Mend
Add or remove the key that the message names.
"""

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB107", "incomplete-declaration", Severity.ERROR, mendable=True)
