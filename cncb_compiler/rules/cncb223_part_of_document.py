"""An event that sets only a part of a search index's document.

## What it does
Compares the fields that each event sets in a view of the kind `opensearch`. (The index of an s3 view holds the objects
as they are, so its events may set different fields.)

## Why is this bad?
A document is written as a whole, under one version, so that older events never overwrite newer ones. Two events that
set different fields would take each other's away.

## Example
```yaml
views:
  things:
    kind: opensearch
    on:
      thing-created: {fields: {name: thing.name}}
      thing-priced: {fields: {price: thing.price}}
    key: thing.id
```

## Mend
Let each event set the same fields. Where that cannot be, `collect` the events: their row is computed from all of them.
"""

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB223", "part-of-document", Severity.ERROR)
