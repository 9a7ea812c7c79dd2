"""The output folder cannot be read or written.

## What it does
Reports what the operating system answered (permission denied, no space left), a damaged list of generated
files, and a compile of the same system that is still running.

## Why is this bad?
The output is as it was before, or, where the message says so, is completed by the next compile.

## Example
```yaml
# A disk runs full, or two terminals run `cncb compile` at the same time, for:
system: shop
```

## Mend
Make the folder writable, free some space, or wait for the other compile; then compile again.
"""

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB954", "unwritable-output", Severity.ERROR)
