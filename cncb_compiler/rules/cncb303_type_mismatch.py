"""A value does not fit the type of the field that it fills.

## What it does
Compares the type of a mapping's value with the declared type of its target, to the last nested field.

## Why is this bad?
The consumer reads the value as the type that is declared. What does not fit is an error at best and wrong
data at worst.

## Example
```yaml
types:
  Parcel: {weight: number}
events:
  parcel-weighed: {entity: parcel, with: {parcel: Parcel}}
transitions:
  - {on: order-packed, emit: parcel-weighed, with: {parcel: {weight: order.id}}}
```

## Mend
Map from another field, convert the value (`to_string(x)`, `iso(x)`, a hook), or change the declared type.
"""

from __future__ import annotations

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB303", "type-mismatch", Severity.ERROR, mendable=True)
