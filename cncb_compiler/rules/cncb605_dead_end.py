"""A process that ends nowhere.

## What it does
Reports a transition that emits an event which nobody consumes, where no change or command publishes it either.

## Why is this bad?
A control service emits an event so that somebody goes on. Here the process stops, and nobody knows.

## Example
```yaml
transitions:
  - {on: order-submitted, emit: make-reservation, with: {reservation: order}}      # nobody makes reservations
```

## Mend
Add the consumer: a reaction or view of the service that does the next step. Or remove the transition.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Related, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.rules.places import publication
from cncb_compiler.rules.vocabulary import is_dead_end, is_violation

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedSystem

RULE = Rule("CNCB605", "dead-end", Severity.WARNING)


def check(system: LinkedSystem) -> Iterator[Diagnostic]:
    """Each transition to an event without consumers."""
    for name, emissions in system.emissions.items():
        event = system.events[name]
        if name in system.consumers or not is_dead_end(system, event) or is_violation(event):
            continue
        for emission in emissions:
            yield RULE(
                publication(emission),
                f"the process ends here: nobody consumes `{name}`",
                mend="Add the reaction or view that goes on, or remove the transition.",
                related=(Related(event.at.key(), f"`{name}` is declared here"),),
            )
