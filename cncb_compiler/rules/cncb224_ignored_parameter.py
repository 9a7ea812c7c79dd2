"""A parameter of a search's path that filters nothing.

## What it does
Looks for each `{parameter}` of the route among the `filters` of the search.

## Why is this bad?
Whoever calls `/shops/1/things` would get the things of all shops.

## Example
```yaml
queries:
  find: {route: "GET /shops/{shopId}/things", from: things, search: {text: name}}
```

## Mend
Add the parameter to `filters`, or take it out of the route.
"""

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB224", "ignored-parameter", Severity.ERROR, mendable=True)
