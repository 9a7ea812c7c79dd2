r"""A file is not UTF-8.

## What it does
Checks that each file is text in UTF-8.

## Why is this bad?
Its characters cannot be told: names and texts would be garbled.

## Example
```yaml
description: "M\xfcller"   # saved as Latin-1
```

## Mend
Save the file as UTF-8.
"""

from __future__ import annotations

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB014", "not-utf8", Severity.ERROR)
