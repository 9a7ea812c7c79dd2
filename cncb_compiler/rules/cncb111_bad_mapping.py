"""A mapping is written in a way that means nothing.

## What it does
Reports a mapping that is none of: a JMESPath expression, a number, boolean or null, `{const: ...}`,
`{hook: module.function}`, a map of field names to mappings, a list of mappings.

## Why is this bad?
What a handler writes or publishes is exactly what its mapping says, so nothing in it may be ignored or
guessed.

## Example
```yaml
set:
  status: {hook: pricing}          # a hook is `module.function`
```

## Mend
Name hooks as `module.function`, both in snake_case; put literal values in `{const: ...}`.
"""

from __future__ import annotations

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB111", "bad-mapping", Severity.ERROR)
