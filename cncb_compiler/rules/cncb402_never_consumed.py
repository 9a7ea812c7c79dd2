"""An event that is published, but that nobody consumes.

## What it does
Reports an event that somebody publishes and no view, reaction, transition or function reads. Where only transitions
emit it, CNCB605 says so; where it tells of a failure in a process, CNCB607.

## Why is this bad?
Either a consumer is missing, or a producer does needless work. A domain event that is published for consumers to
come is a good reason to ignore this, with that reason written down.

## Example
```yaml
changes:
  orders: {remove: order-removed}      # and nobody listens to order-removed
```

## Mend
Consume it, stop publishing it, or ignore this with a reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.rules.places import producers, related
from cncb_compiler.rules.vocabulary import is_dead_end, is_violation

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedSystem

RULE = Rule("CNCB402", "never-consumed", Severity.WARNING)


def check(system: LinkedSystem) -> Iterator[Diagnostic]:
    """Each event that has producers and no consumer."""
    for name, event in system.events.items():
        if name in system.consumers or not (name in system.emissions or name in system.publishing_functions):
            continue
        if not is_dead_end(system, event) and not is_violation(event):
            yield RULE(
                event.at.key(),
                f"`{name}` is published, but nobody consumes it",
                mend="Consume it, or stop publishing it.",
                related=related(producers(system, name), "published by"),
            )
