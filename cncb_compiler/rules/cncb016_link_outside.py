"""A symbolic link leads out of the system's folder.

## What it does
Checks where the symbolic links among the system's files lead.

## Why is this bad?
What the system is would depend on files that are not part of it, and that another machine may not have.

## Example
```yaml
# services/orders.yaml -> ../../elsewhere/orders.yaml
```

## Mend
Copy the file into the system's folder, or remove the link.
"""

from __future__ import annotations

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB016", "link-outside", Severity.ERROR)
