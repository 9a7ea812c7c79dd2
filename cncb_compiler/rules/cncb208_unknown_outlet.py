"""A reaction sends to a queue or bus that the service does not have.

## What it does
Looks up what `send` names among the `queues` and `buses` of the reaction's own service.

## Why is this bad?
The message would go nowhere. A queue or bus of another service is that team's: it sends by it what it says outside.

## Example
```yaml
queues:
  outbox: {of: Parcel}
reactions:
  announce: {on: parcel-sent, send: outbx}
```

## Mend
Use the declared name, or declare the queue or bus.
"""

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB208", "unknown-outlet", Severity.ERROR, mendable=True)
