"""A scenario calls a route that no service has.

## What it does
Looks up each `call` of a scenario among the routes of the system's services, and its `path` among the route's
parameters.

## Why is this bad?
The call could only ever be answered by 404, which proves nothing about the system.

## Example
```yaml
# scenarios/order.yaml
scenario: An order is taken
when: [{call: POST /order}]   # the route is POST /orders
```

## Mend
Write the route as the service declares it, parameters in braces; say `service:` where several have the same.
"""

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB955", "unknown-route", Severity.ERROR)
