"""A search by a field that cannot be searched by in that way.

## What it does
Checks the type of each field under `text` (text without a format), `filters` (anything but records, maps and `any`) and
`sort` (as `filters`, and one value a row), and that no filter has the name of a search's own parameters.

## Why is this bad?
Words are looked for in text only; what the index does not look inside finds nothing; and what has several values has no
place in an order.

## Example
```yaml
types:
  Thing: {id: uuid, name: string, price: integer, tags: [string]}
queries:
  find: {route: GET /things, from: things, search: {text: price, sort: tags}}
```

## Mend
Name a field of a fitting type; what has a form of its own (`uuid`, `date`, numbers, ...) belongs under `filters`.
"""

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB210", "unfit-search-field", Severity.ERROR)
