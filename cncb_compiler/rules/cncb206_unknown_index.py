"""A reference to an index that the store or view does not have.

## What it does
Looks up the `index` of each query.

## Why is this bad?
The query would fail on each call.

## Example
```yaml
queries:
  by-customer: {from: orders, index: byCustmer, key: path.id}
```

## Mend
Use the declared name, or declare the index under the store's `indexes`.
"""

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB206", "unknown-index", Severity.ERROR, mendable=True)
