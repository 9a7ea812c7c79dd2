"""A file that cncb did not make stands where it would write.

## What it does
Refuses to write where a file or folder stands that is not in `.cncb-files.json`. Nothing is written then.
A file that already has exactly the wanted content is taken over; foreign files elsewhere are left alone.

## Why is this bad?
What cncb did not make may be the only copy of somebody's work.

## Example
```yaml
# generated/shop/order-bff/README.md was written by hand before the service was declared:
service: order-bff
kind: bff
```

## Mend
Move the file elsewhere (notes and hooks live beside the YAML), or choose another folder with `--out`.
"""

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB952", "foreign-output", Severity.ERROR)
