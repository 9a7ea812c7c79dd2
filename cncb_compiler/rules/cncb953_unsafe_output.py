"""A generated file would land outside the output folder, or two on one path.

## What it does
Refuses output paths that are absolute, climb with `..`, or have characters that some file system reads
otherwise; symbolic links in the way; two files whose paths are equal or differ only in upper and lower case;
and a file where another file needs a folder. Nothing is written then.

## Why is this bad?
It would overwrite what does not belong to the output, or give different output on different machines.

## Example
```yaml
# On a file system that ignores case, these two services would share one folder:
services:
  orderBff: {kind: bff}
  orderBFF: {kind: bff}
```

## Mend
Rename one of the two, or replace the symbolic link by a folder.
"""

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB953", "unsafe-output", Severity.ERROR)
