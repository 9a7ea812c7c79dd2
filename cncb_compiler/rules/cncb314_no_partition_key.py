"""An event whose partition key nothing gives.

## What it does
Reports a command or a change that publishes an event without a partition key: the event declares none, and has no
field named as its entity that holds an `id`. (A transition hands on the partition key of the event that triggered
it.)

## Why is this bad?
Events with one partition key stay in order. Without one there is no order among the events of one entity.

## Example
```yaml
events:
  searched: {with: {text: string}}
commands:
  search: {route: POST /searches, input: {text: string}, publish: searched}
```

## Mend
Say `entity:` with a field of that name that holds an `id`, or `partitionKey:`, a JMESPath over the event.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Related, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.rules.places import publication

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedSystem

RULE = Rule("CNCB314", "no-partition-key", Severity.ERROR)


def check(system: LinkedSystem) -> Iterator[Diagnostic]:
    """Each emission that has neither a partition key of its own nor a trigger's."""
    for name, emissions in system.emissions.items():
        for emission in emissions:
            if emission.partition_key is None and not emission.triggers:
                declared = Related(system.events[name].at.key(), f"`{name}` is declared here")
                yield RULE(
                    publication(emission),
                    f"nothing gives the partition key of `{name}`",
                    mend="Say `partitionKey:` on the event, or `entity:` with a field of that name that holds an `id`.",
                    related=(declared,),
                )
