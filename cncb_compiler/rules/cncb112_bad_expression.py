"""A JMESPath expression cannot be parsed.

## What it does
Parses each expression by the JMESPath grammar and reports the first character that does not fit it.

## Why is this bad?
The expression becomes code of a handler; only what can be read can be checked and compiled.

## Example
```yaml
set:
  sku: order..sku
```

## Mend
Correct the expression at the mark. A literal string is written `{const: text}`, or `'text'` within an
expression.
"""

from __future__ import annotations

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB112", "bad-expression", Severity.ERROR)
