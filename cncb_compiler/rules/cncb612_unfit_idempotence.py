"""An `idempotence` that the sink cannot have.

## What it does
Reports, where a construct says it itself:

- `oplock` or `sequence` of what calls a hook or sends a message: it has no row to compare an event with;
- anything but `oplock` of a reaction to a latched store: both sides must agree on which change is the last;
- any of a view with `collect` and of `changes`: they are idempotent by construction.

A value that a service says for all of its consumers holds for those that can have it.

## Why is this bad?
The sink would not be protected as it says.

## Example
```yaml
reactions:
  charge: {on: order-submitted, call: {hook: cards.charge}, processing: {idempotence: oplock}}
```

## Mend
Leave it out, or say one that the sink can have.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.mend import Mend, Remove
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.graph.system import Write
from cncb_compiler.model.idempotence import HOOKS, LATCHED, rows_of, rows_of_view

if TYPE_CHECKING:
    from cncb_compiler.graph.system import Construct, LinkedService, LinkedSystem
    from cncb_compiler.model.settings import Idempotence, Processing

RULE = Rule("CNCB612", "unfit-idempotence", Severity.ERROR, mendable=True)

_WHY = {
    HOOKS: "there is no row that an event could be compared with",
    LATCHED: "both sides of a latched store have to agree on which change is the last",
    (): "it is idempotent by construction",
}


def check_service(system: LinkedSystem, service: LinkedService) -> Iterator[Diagnostic]:
    """Every consumer that says how it is kept right."""
    for construct, processing, possible in _sinks(service):
        said = processing.idempotence
        if said is not None and said not in possible:
            fitting = " or ".join(f"`{one}`" for one in possible)
            at = construct.at / "processing" / "idempotence"
            others = len(possible) > 1
            yield RULE(
                at,
                f"`{said}` cannot be: {_WHY[possible]}",
                mend=Mend(
                    f"Leave it out, or say {fitting}." if others else "Leave it out.",
                    (Remove(at),),
                    sure=not others,
                ),
            )


def _sinks(service: LinkedService) -> Iterator[tuple[Construct, Processing, tuple[Idempotence, ...]]]:
    for view in service.views:
        yield view.construct, view.decl.processing, rows_of_view(view.decl) if view.collect is None else ()
    for reaction in service.reactions:
        rows = rows_of(service.decl, reaction.effect.store.name) if isinstance(reaction.effect, Write) else HOOKS
        yield reaction.construct, reaction.decl.processing, rows
    for change in service.changes:
        yield change.construct, change.decl.processing, ()
    for function in service.functions:
        yield function.construct, function.decl.processing, HOOKS
