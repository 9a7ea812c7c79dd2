"""Several writers of the same rows, and nothing that keeps an older event from overwriting a newer one.

## What it does
Reports a view with `idempotence: none` or `id` that several event types keep, and a reaction with one of them that
several event types trigger or that shares its store with another reaction.

## Why is this bad?
Events come more than once and out of order: after a retry, an older event can overwrite what a newer one wrote. The
inverse oplock, which is the default, compares the event's time with the row's `asOf`. With `id` each event is applied
once, but whenever it comes.

## Example
```yaml
views:
  products: {on: [product-created, product-updated], key: product.id, processing: {idempotence: none}}
```

## Mend
Leave `idempotence` out, or say `oplock` or `sequence`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Related, Severity
from cncb_compiler.diagnostics.mend import Remove, chosen
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.graph.system import Write
from cncb_compiler.model.idempotence import ROWS, idempotence, place, rows_of
from cncb_compiler.rules.places import construct_place, shown

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedReaction, LinkedService, LinkedSystem

RULE = Rule("CNCB604", "no-oplock", Severity.WARNING, mendable=True)

MEND = "Leave `idempotence` out, or say `oplock` or `sequence`."
UNORDERED = ("id", "none")


def check_service(system: LinkedSystem, service: LinkedService) -> Iterator[Diagnostic]:
    """Views, then reactions, that compare no events."""
    for view in service.views:
        if len(view.projections) > 1 and idempotence(service.decl, view.decl.processing, ROWS) in UNORDERED:
            writers = f"{len(view.projections)} event types write `{view.construct.name}`"
            at = place(service.at, view.construct.at, view.decl.processing)
            yield RULE(at, f"{writers}, and an older one can overwrite a newer", mend=chosen(MEND, Remove(at)))
    yield from _reactions(service)


def _reactions(service: LinkedService) -> Iterator[Diagnostic]:
    writers: dict[str, list[LinkedReaction]] = {}
    for reaction in service.reactions:
        if isinstance(reaction.effect, Write):
            writers.setdefault(reaction.effect.store.name, []).append(reaction)
    for store, reactions in writers.items():
        for reaction in reactions:
            how = idempotence(service.decl, reaction.decl.processing, rows_of(service.decl, store))
            if how in UNORDERED and (len(reactions) > 1 or len(reaction.events) > 1):
                at = place(service.at, reaction.construct.at, reaction.decl.processing)
                yield RULE(
                    at,
                    f"several events write `{store}`, and an older one can overwrite a newer",
                    mend=chosen(MEND, Remove(at)),
                    related=tuple(
                        Related(construct_place(other.construct), f"{shown(other.construct)} writes it too")
                        for other in reactions
                        if other is not reaction
                    ),
                )
