"""An override patches a resource, or removes a property, that is not there.

## What it does
Looks up each logical id under `overrides` among the resources of the service's stack, and each key whose
value is null in the resource that it is to be removed from.

## Why is this bad?
The patch has no effect. Usually the name is mistyped, or the declaration that the resource came from is gone.

## Example
```yaml
service: order-bff
stores:
  orders: {of: Order, key: id}
overrides:
  OrderTable:                 # the logical id is `OrdersTable`
    Properties: {DeletionProtectionEnabled: true}
```

## Mend
Use the logical id that `cncb explain` shows, or remove the override.
"""

from __future__ import annotations

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB902", "override-matches-nothing", Severity.ERROR, mendable=True)
