"""Two writers of the same rows, and no lock between them.

## What it does
Reports a view with `oplock: false` that several event types keep, and a reaction with `oplock: false` that several
event types trigger or that shares its store with another reaction.

## Why is this bad?
Events come more than once and out of order: after a retry, an older event can overwrite what a newer one wrote. The
inverse oplock, which is on unless it is switched off, compares the event's time with the row's `asOf`.

## Example
```yaml
views:
  products: {on: [product-created, product-updated], key: product.id, oplock: false}
```

## Mend
Remove `oplock: false`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Related, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.graph.system import Write
from cncb_compiler.rules.places import construct_place, shown

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedReaction, LinkedService, LinkedSystem

RULE = Rule("CNCB604", "no-oplock", Severity.WARNING)

MEND = "Remove `oplock: false`."


def check(system: LinkedSystem) -> Iterator[Diagnostic]:
    """Views, then reactions, that have switched the oplock off."""
    for service in system.services.values():
        for view in service.views:
            if not view.decl.oplock and len(view.projections) > 1:
                writers = f"{len(view.projections)} event types write `{view.construct.name}`"
                yield RULE(
                    view.construct.at / "oplock", f"{writers}, and an older one can overwrite a newer", mend=MEND
                )
        if any(not reaction.decl.oplock for reaction in service.reactions):
            yield from _reactions(service)


def _reactions(service: LinkedService) -> Iterator[Diagnostic]:
    writers: dict[str, list[LinkedReaction]] = {}
    for reaction in service.reactions:
        if isinstance(reaction.effect, Write):
            writers.setdefault(reaction.effect.store.name, []).append(reaction)
    for store, reactions in writers.items():
        for reaction in reactions:
            if not reaction.decl.oplock and (len(reactions) > 1 or len(reaction.events) > 1):
                yield RULE(
                    reaction.construct.at / "oplock",
                    f"several events write `{store}`, and an older one can overwrite a newer",
                    mend=MEND,
                    related=tuple(
                        Related(construct_place(other.construct), f"{shown(other.construct)} writes it too")
                        for other in reactions
                        if other is not reaction
                    ),
                )
