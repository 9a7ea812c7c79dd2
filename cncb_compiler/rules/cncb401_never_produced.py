"""An event that is consumed, but that nobody publishes.

## What it does
Reports an event that views, reactions, transitions or functions wait for, where no command, change, transition or
function publishes it and it is not declared `external`. (`fault` is published by every function that consumes.)

## Why is this bad?
Its consumers never run: the view stays empty, the process stops there.

## Example
```yaml
events:
  parcel-packed: {entity: parcel, with: {parcel: Parcel}}
views:
  parcels: {on: parcel-packed, key: parcel.id}      # and nobody publishes parcel-packed
```

## Mend
Publish it; or, if somebody outside the system does, say `external: true`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.mend import Add, chosen
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.rules.places import consumption, related
from cncb_compiler.rules.vocabulary import is_produced

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedSystem

RULE = Rule("CNCB401", "never-produced", Severity.ERROR, mendable=True)


def check(system: LinkedSystem) -> Iterator[Diagnostic]:
    """Each event that has consumers and no producer."""
    for name, consumers in system.consumers.items():
        event = system.events[name]
        if not is_produced(system, event):
            places = [(construct, consumption(system, construct, name)) for construct in consumers]
            yield RULE(
                event.at.key(),
                f"`{name}` is consumed, but nobody publishes it",
                mend=chosen(
                    "Publish it, or say `external: true` if somebody outside the system does.",
                    Add(event.at / "external", "true"),
                ),
                related=related(places, "consumed by"),
            )
