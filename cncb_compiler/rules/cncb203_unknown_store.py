"""A reference to a store or view that the service does not have.

## What it does
Looks up each store or view named by a command, change, query, reaction or function in its own service.

## Why is this bad?
Nothing can be written or read there. If another service owns it: services share events, not data.

## Example
```yaml
queries:
  order: {from: oders, key: path.id}
```

## Mend
Use the declared name. To have another service's data, keep a view from its events.
"""

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB203", "unknown-store", Severity.ERROR, mendable=True)
