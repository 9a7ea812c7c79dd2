"""A line is indented by a tab.

## What it does
Checks that indentation is made of spaces.

## Why is this bad?
YAML does not allow tabs there, because their width differs between editors.

## Example
```yaml
stores:
→orders: {of: Order}
```

## Mend
Replace tabs by spaces; set the editor to do so for YAML.
"""

from __future__ import annotations

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB004", "tab-indentation", Severity.ERROR)
