"""A search of what has no search index.

## What it does
Looks whether the view of a query with `search` is one of the kind `opensearch`, or an s3 view with `index`.

## Why is this bad?
A table or bucket is read by its key: there is nothing that could be searched.

## Example
```yaml
views:
  things: {on: thing-created}
queries:
  find: {route: GET /things, from: things, search: {text: name}}
```

## Mend
Say `kind: opensearch` of the view, or `index: [FIELD, ...]` of an s3 view.
"""

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB225", "not-searchable", Severity.ERROR)
