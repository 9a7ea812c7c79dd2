"""A raw resource has the logical id of a resource that is derived.

## What it does
Compares the logical ids under `resources` with those of everything that the service's other declarations
need.

## Why is this bad?
A template holds one resource per logical id. One of the two would silently win, and what was declared would
not be what runs.

## Example
```yaml
service: order-bff
stores:
  orders: {of: Order, key: id}
resources:
  OrdersTable:                # the store `orders` is `OrdersTable` already
    Type: AWS::DynamoDB::Table
```

## Mend
Give the raw resource another logical id. To change the derived resource, patch it under `overrides`.
"""

from __future__ import annotations

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB901", "resource-collision", Severity.ERROR)
