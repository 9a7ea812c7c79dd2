"""A YAML file declares nothing.

## What it does
Looks for files with nothing but blanks and comments.

## Why is this bad?
It was perhaps emptied by mistake; the declarations that stood in it are missing.

## Example
```yaml
# service: order-bff
```

## Mend
Remove the file, or declare something in it.
"""

from __future__ import annotations

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB013", "empty-file", Severity.WARNING)
