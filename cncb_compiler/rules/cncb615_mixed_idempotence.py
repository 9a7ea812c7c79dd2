"""Reactions compare the events of one store in different ways.

## What it does
Reports a reaction with `idempotence: sequence` whose store another reaction writes by `oplock`.

## Why is this bad?
One looks at the row's time, the other at its sequence number. Neither sees what the other has written, so an older
event can overwrite a newer one.

## Example
```yaml
reactions:
  create: {on: product-created, write: products}
  update: {on: product-updated, update: products, processing: {idempotence: sequence}}
```

## Mend
Say the same of all reactions that write the store.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Related, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.graph.system import LinkedService, Write
from cncb_compiler.model.idempotence import idempotence, place, rows_of
from cncb_compiler.rules.places import construct_place, shown

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedReaction, LinkedSystem

RULE = Rule("CNCB615", "mixed-idempotence", Severity.WARNING)


def check_service(system: LinkedSystem, service: LinkedService) -> Iterator[Diagnostic]:
    """Reactions by sequence beside others by time, store by store."""
    ways: dict[tuple[str, str], list[LinkedReaction]] = {}
    for reaction in service.reactions:
        if isinstance(reaction.effect, Write):
            store = reaction.effect.store.name
            chosen = idempotence(service.decl, reaction.decl.processing, rows_of(service.decl, store))
            ways.setdefault((store, chosen), []).append(reaction)
    for (store, way), reactions in ways.items():
        others = ways.get((store, "oplock"), []) if way == "sequence" else []
        for reaction in reactions if others else ():
            yield RULE(
                place(service.at, reaction.construct.at, reaction.decl.processing),
                f"`{store}` is written by sequence here and by time elsewhere, and neither sees the other",
                mend="Say the same of all reactions that write the store.",
                related=tuple(
                    Related(construct_place(other.construct), f"{shown(other.construct)} goes by time")
                    for other in others
                ),
            )
