"""A step of a process can fail, and nobody undoes the steps before it.

## What it does
An event tells of a failure in a process if it carries the context (`context: true`) and its name ends in
`-violation`, `-violated`, `-refused`, `-rejected`, `-failed` or `-declined`. Somebody has to go back: a transition
that emits the compensating step, a reaction that writes a store or says `compensates: true`, or a function of the
team's own. Reported is one that none of these consume.

## Why is this bad?
In a saga there is no transaction to roll back. What the steps before have done stays: the order waits for ever, the
goods are held.

## Example
```yaml
events:
  reservation-violation: {entity: reservation, with: {reservation: Reservation}, context: true}
# consumed by a view that counts them, and by nobody else
```

## Mend
Let the services of the earlier steps react: `{on: reservation-violation, update: orders, ..., compensates: true}`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.rules.places import producers, related
from cncb_compiler.rules.vocabulary import is_produced, is_violation

if TYPE_CHECKING:
    from cncb_compiler.graph.system import Construct, LinkedSystem

RULE = Rule("CNCB607", "uncompensated-violation", Severity.WARNING)


def check(system: LinkedSystem) -> Iterator[Diagnostic]:
    """Each event that tells of a failure, by who consumes it."""
    for name, event in system.events.items():
        if not is_violation(event) or not is_produced(system, event):
            continue
        if not any(_goes_back(system, construct) for construct in system.consumers.get(name, ())):
            yield RULE(
                event.at.key(),
                f"nobody undoes the earlier steps of the process when `{name}` comes",
                mend="Add a reaction with `compensates: true`, or a transition that emits the compensating step.",
                related=related(producers(system, name), "published by"),
            )


def _goes_back(system: LinkedSystem, construct: Construct) -> bool:
    if construct.section == "reactions":
        reaction = system.services[construct.service].decl.reactions[construct.name]
        return reaction.compensates or reaction.call is None
    return construct.section in ("transitions", "functions")
