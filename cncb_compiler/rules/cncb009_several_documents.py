"""A file holds several YAML documents.

## What it does
Looks for a second document (after `---`) in a file.

## Why is this bad?
Keys of one file are found by their path, which two documents would share.

## Example
```yaml
service: order-bff
---
service: storefront
```

## Mend
One document a file; or hold several services under `services:`.
"""

from __future__ import annotations

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB009", "several-documents", Severity.ERROR)
