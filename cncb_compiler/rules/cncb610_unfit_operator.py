"""An operator that makes no sense for its consumer.

## What it does
Reports a key of `processing` that cannot be applied where it is said:

| key | does not fit |
|---|---|
| `compact` | functions of the team's own; a whole service: it is over the events of one consumer |
| `group: all`, `group: {reduce: ...}` | views, and reactions that write: a row is written whole, by its last event |
| `batch` | rows with a lock: BatchWriteItem knows no condition; `update`; objects; hooks; views whose events set \
different fields |

What a service says for all of its consumers is applied where it fits.

## Why is this bad?
It would do nothing, or something else than it says.

## Example
```yaml
views:
  products: {on: product-updated, processing: {batch: 25}}      # its rows have the inverse oplock
```

## Mend
As the message says: `group: last` and `parallel:` make fewer and faster requests of rows that have a lock.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.rules.misfits import misfits

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedService, LinkedSystem

RULE = Rule("CNCB610", "unfit-operator", Severity.ERROR)


def check_service(system: LinkedSystem, service: LinkedService) -> Iterator[Diagnostic]:
    """Each operator that does not fit where it is said, and would lose nothing."""
    for found in misfits(service):
        if not found.unfit.loses:
            message = f"`{found.operator}` does not fit {found.who}: {found.unfit.why}"
            yield RULE(found.at.key(), message, mend=found.unfit.mend)
