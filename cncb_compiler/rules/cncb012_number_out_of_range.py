"""A number cannot be written as JSON.

## What it does
Checks that numbers are finite and integers have at most 64 bits.

## Why is this bad?
Templates, schemas and events are JSON, which has no infinity, and whose readers round larger integers.

## Example
```yaml
retention: 123456789012345678901234567890
```

## Mend
Quote it if it is text, such as an identifier. Else choose a number in range.
"""

from __future__ import annotations

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB012", "number-out-of-range", Severity.ERROR)
