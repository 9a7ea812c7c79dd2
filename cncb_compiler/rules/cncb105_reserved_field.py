"""A field that cncb keeps for itself.

## What it does
Refuses fields of events named like the envelope (`id`, `type`, `timestamp`, `partitionKey`, `tags`) or
`context`, and fields of rows named like what cncb stamps on them (`asOf`, `latched`, `deletedAt`, `expires`).

## Why is this bad?
The value would be overwritten, or would overwrite what order and idempotence rest on.

## Example
```yaml
events:
  order-submitted: {with: {timestamp: string}}
```

## Mend
Rename the field, or use the envelope's.
"""

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB105", "reserved-field", Severity.ERROR)
