"""A type is written in a way that means nothing.

## What it does
Reports type notation that can be read neither as the compact notation nor as JSON Schema: an unknown scalar
name, a list of two types, a malformed `enum(...)` or `map(...)`, `?` where there is no field, an unsupported
JSON Schema construct.

## Why is this bad?
Every check of mappings, and every generated handler, stands on the types of events, stores and inputs. A type
that is guessed at would make all of them wrong.

## Example
```yaml
types:
  OrderLine: {sku: strng, quantity: integer}   # `strng` is no type
```

## Mend
Write one of `string integer number boolean uuid date-time date uri email timestamp any context`, `enum(a,
b)`, `map(X)`, `[X]`, `{field: X}`, the name of a type of the system (a capital first), or JSON Schema.
"""

from __future__ import annotations

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB110", "bad-type", Severity.ERROR, mendable=True)
