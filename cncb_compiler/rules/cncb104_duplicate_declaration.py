"""One name declared twice.

## What it does
Finds names of one kind (events, types, services, streams, stages) that two files of the system declare.

## Why is this bad?
Files merge by name; of two declarations one would win by accident.

## Example
```yaml
# a.yaml
events: {order-submitted: {entity: order, with: {order: Order}}}
# b.yaml
events: {order-submitted: {entity: order}}
```

## Mend
Keep one of the two, or rename one.
"""

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB104", "duplicate-declaration", Severity.ERROR)
