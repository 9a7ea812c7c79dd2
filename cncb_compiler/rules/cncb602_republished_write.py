"""A change capture publishes again what a reaction just wrote.

## What it does
Reports `changes` of a store that publish an event for a write which a reaction (or function) made because of that
same event: the event echoes. A latch stops it (`latch: true`), and so does a guard (`when`) on either.

## Why is this bad?
The event comes a second time, as if the entity had changed again; where two services keep one entity, it goes to
and fro.

## Example
```yaml
reactions:
  follow: {on: customer-updated, update: customers, key: customer.id, set: {name: customer.name}}
changes:
  customers: {modify: customer-updated}
```

## Mend
Say `latch: true` on the store's `changes`: then only what the service's own users change is published.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Related, Severity
from cncb_compiler.diagnostics.mend import Add, Mend
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.rules.echoes import captured_writes
from cncb_compiler.rules.places import construct_place, publication, shown
from cncb_compiler.source.location import Location

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedService, LinkedSystem

RULE = Rule("CNCB602", "republished-write", Severity.ERROR, mendable=True)


def check_service(system: LinkedSystem, service: LinkedService) -> Iterator[Diagnostic]:
    """Each captured write whose event is what brought it about; one finding for each publication."""
    seen: set[Location] = set()
    for written in captured_writes(service):
        event, at = written.emission.event, publication(written.emission)
        if event in written.events and at not in seen:
            seen.add(at)
            yield RULE(
                at,
                f"`{event}` is published again for what {shown(written.by)} wrote because of it",
                mend=Mend(
                    f"Say `latch: true` on the changes of `{written.emission.construct.name}`.",
                    (Add(written.emission.construct.at / "latch", "true"),),
                ),
                related=(Related(construct_place(written.by), f"{shown(written.by)} writes the store"),),
            )
