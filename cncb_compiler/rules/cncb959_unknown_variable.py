"""A scenario stands in for an external system that no function calls.

## What it does
Looks up each environment variable under `answers` and `requests` among the variables that the services' functions
declare.

## Why is this bad?
No function would ever be sent to the stand-in: what the scenario says about it proves nothing.

## Example
```yaml
# scenarios/refused.yaml
scenario: A payment is refused
given:
  answers: {PROVIDR_URL: [{on: POST /charges, status: 402}]}
when: [{publish: take-payment}]
```

## Mend
Name the variable that holds the external system's URL, as under `function: {environment: ...}`.
"""

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB959", "unknown-variable", Severity.ERROR)
