"""An owner of an event that is no service of the system.

## What it does
Looks up `owner` of each event.

## Why is this bad?
Nobody would answer for the event's meaning.

## Example
```yaml
events:
  order-submitted: {owner: order-bf}
```

## Mend
Name the service that publishes it, or leave `owner` out: it is derived.
"""

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB205", "unknown-service", Severity.ERROR, mendable=True)
