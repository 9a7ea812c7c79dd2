"""A group or compaction that leaves out events which the consumer needs.

## What it does
Reports, where every event counts, what keeps only the last of several:

- `group: last` of a reaction that calls a hook: the hook would not hear of the others;
- `compact` of a view that collects events: they would be missing from what is computed;
- both of `changes`: each change is an event of its own, and others wait for it.

## Why is this bad?
Events are lost without a trace, more of them the fuller the batches are: under load.

## Example
```yaml
reactions:
  notify:
    on: order-submitted
    call: {hook: mail.confirm}
    processing: {group: last}      # one mail for all orders of a batch
```

## Mend
Let the hook have `group: all`, a list, or `group: {reduce: {...}}`. Group the rows that are written instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.rules.misfits import misfits

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedService, LinkedSystem

RULE = Rule("CNCB609", "lost-events", Severity.ERROR)


def check_service(system: LinkedSystem, service: LinkedService) -> Iterator[Diagnostic]:
    """Each operator that would lose events where it is said."""
    for found in misfits(service):
        if found.unfit.loses:
            message = f"`{found.operator}` leaves out events of {found.who}: {found.unfit.why}"
            yield RULE(found.at.key(), message, mend=found.unfit.mend)
