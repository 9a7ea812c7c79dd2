"""A reference to an event that nobody declared.

## What it does
Looks up each event type named by a command, change, view, reaction, transition or function.

## Why is this bad?
The vocabulary is closed: a mistyped event type would wait for ever for an event that never comes.

## Example
```yaml
views:
  orders: {on: order-submited, key: order.id, fields: {id: order.id}}
```

## Mend
Use the declared name, or declare the event under `events`.
"""

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB201", "unknown-event", Severity.ERROR, mendable=True)
