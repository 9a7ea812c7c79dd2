"""The configuration is not TOML.

## What it does
Checks that `cncb.toml` (or `pyproject.toml` with `[tool.cncb]`) can be parsed.

## Why is this bad?
What it sets would be ignored silently.

## Example
```yaml
# cncb.toml: [rules
# CNCB401 = "off"
```

## Mend
Mend the place that the message points at.
"""

from __future__ import annotations

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB090", "config-syntax", Severity.ERROR)
