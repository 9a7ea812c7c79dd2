"""A file cannot be read.

## What it does
Checks that each YAML file of the system is a regular file that may be read.

## Why is this bad?
What it declares is missing.

## Example
```yaml
# a file without read permission, a pipe, or a symbolic link to nothing
```

## Mend
Give yourself permission to read it, mend the link, or remove it.
"""

from __future__ import annotations

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB015", "unreadable-file", Severity.ERROR)
