"""A value that does not fit its key.

## What it does
Checks each value against the language: its kind, its form, its range, its closed set of words.

## Why is this bad?
AWS would refuse it minutes later, or it would mean something else than its reader thinks.

## Example
```yaml
stages:
  dev: {account: 1234, regions: [us-east-1]}   # an account id has 12 digits
```

## Mend
Write the value in the form that the message names.
"""

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB103", "bad-value", Severity.ERROR, mendable=True)
