"""A generated file was edited after cncb made it.

## What it does
Compares each generated file that would be replaced or removed with the hash in `.cncb-files.json`. If it is
neither what cncb wrote last nor what it would write now, nothing at all is written.

## Why is this bad?
Output is a function of the topology and the templates. The next compile would lose an edit there, silently,
and until then what is deployed is not what the topology says.

## Example
```yaml
# generated/shop/order-bff/template.json was changed by hand: MemorySize 256 -> 1024.
# The change belongs here instead:
service: order-bff
commands:
  submit:
    function: {memory: 1024}
```

## Mend
Say it in the topology (`function`, `overrides`, a hook), then delete the edited file and compile again.
"""

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB951", "edited-output", Severity.ERROR)
