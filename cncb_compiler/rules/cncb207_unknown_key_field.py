"""A key, index or time-to-live that names a field which the type does not have.

## What it does
Checks `key`, `sortKey`, `ttl` and the fields of `indexes` against the type of the rows, and the names in a
`key:` map against the store's key.

## Why is this bad?
The table would have a key that no row fills.

## Example
```yaml
stores:
  orders: {of: Order, key: orderId}   # Order has `id`
```

## Mend
Name a field of the type that is text or a number and never absent.
"""

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB207", "unknown-key-field", Severity.ERROR, mendable=True)
