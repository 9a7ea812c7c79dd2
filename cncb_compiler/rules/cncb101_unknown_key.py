"""A key that the language does not know.

## What it does
Refuses keys that no declaration has at that place.

## Why is this bad?
A mistyped key would be passed over in silence, and what it was meant to say would not happen.

## Example
```yaml
service: order-bff
comands: {}
```

## Mend
Use the key that the message proposes; `cncb schema` gives editors the list.
"""

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB101", "unknown-key", Severity.ERROR, mendable=True)
