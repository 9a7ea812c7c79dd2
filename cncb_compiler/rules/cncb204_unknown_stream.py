"""A reference to a stream that nobody declared, or no stream where several are declared.

## What it does
Looks up the stream of each event.

## Why is this bad?
The event could not travel.

## Example
```yaml
events:
  order-submitted: {stream: mian}
```

## Mend
Use the declared name, or declare the stream under `streams`.
"""

from cncb_compiler.diagnostics.diagnostic import Severity
from cncb_compiler.diagnostics.rule import Rule

RULE = Rule("CNCB204", "unknown-stream", Severity.ERROR, mendable=True)
