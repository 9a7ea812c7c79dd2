"""A search by a field that the documents do not have.

## What it does
Looks up each field under `text`, `filters` and `sort` of a search, and each under `index` of a view, in the type of the
rows.

## Why is this bad?
An index finds nothing by a field that it does not have: the query would answer that there is nothing.

## Example
```yaml
queries:
  find: {route: GET /things, from: things, search: {text: nmae}}
```

## Mend
Name a field of the view. A field of a record in it is named with its path: `maker.name`.
"""

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB209", "unknown-search-field", Severity.ERROR, mendable=True)
