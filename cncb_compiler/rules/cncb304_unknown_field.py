"""A mapping reads a field that its source does not have.

## What it does
Follows each path of a mapping through the types of the event, row or input that it reads, and reports the
first segment that is not a field there.

## Why is this bad?
In JMESPath a field that is not there is null, so the mistake would surface only as missing data, in another
service.

## Example
```yaml
transitions:
  - {on: order-submitted, emit: make-reservation, with: {reservation: {lines: order.line}}}   # the field is `lines`
```

## Mend
Correct the path, or add the field to the event's schema where its owner declares it.
"""

from __future__ import annotations

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB304", "unknown-field", Severity.ERROR, mendable=True)
