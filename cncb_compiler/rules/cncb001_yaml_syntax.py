"""The file is not YAML.

## What it does
Checks that the file can be parsed as YAML 1.2.

## Why is this bad?
Nothing in the file can be read until it is mended, so every finding about it would be a guess.

## Example
```yaml
service: order-bff
description: orders: submitted and paid   # a colon inside unquoted text
```

## Mend
Mend the place that the message points at: quote text that holds `: `, `#` or begins with a special
character, line up keys, close brackets and quotes.
"""

from __future__ import annotations

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB001", "yaml-syntax", Severity.ERROR)
