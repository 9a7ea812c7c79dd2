"""A file is larger than 1 MiB.

## What it does
Checks the size of each file before it is read.

## Why is this bad?
A declaration of that size was made by a machine or is not a declaration; reading it would cost every check
seconds.

## Example
```yaml
# ... 1 MiB of YAML
```

## Mend
Give each service a file of its own, and split `types` and `events` over several files.
"""

from __future__ import annotations

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB011", "file-too-large", Severity.ERROR)
