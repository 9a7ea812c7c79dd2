"""An event that nobody publishes and nobody consumes.

## What it does
Reports an event type that is declared, but that no service publishes or consumes. An external event counts as
published; if nobody consumes it, it is reported as well, unless a data lake keeps it.

## Why is this bad?
The vocabulary is what teams read to learn what the system says. A word that nobody says misleads them.

## Example
```yaml
events:
  order-archived: {entity: order, with: {order: Order}}      # in no service
```

## Mend
Remove it, or publish and consume it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.mend import Remove, chosen
from cncb_compiler.diagnostics.rule import Rule

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedSystem

RULE = Rule("CNCB216", "unused-event", Severity.WARNING, mendable=True)


def check(system: LinkedSystem) -> Iterator[Diagnostic]:
    """Each event that is in no construct."""
    kept = {stream for service in system.services.values() if service.lake for stream in service.lake.streams}
    for name, event in system.events.items():
        if name in system.consumers or name in system.emissions or name in system.publishing_functions:
            continue
        if event.decl.external and event.stream in kept:
            continue
        says = (
            "nobody in the system consumes the external event"
            if event.decl.external
            else "nobody publishes or consumes"
        )
        yield RULE(event.at.key(), f"{says} `{name}`", mend=chosen("Remove it, or use it.", Remove(event.at)))
