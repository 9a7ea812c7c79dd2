"""A hook may be called several times for one event, and nobody has said of it that this does no harm.

## What it does
Reports what calls a hook (a reaction, a function that listens) where only the service's `idempotence: none` reaches it.

## Why is this bad?
Streams deliver each event at least once. A mail is sent twice, a card is charged twice. By default the id of each event
that a hook has handled is remembered, and the event is passed by when it comes again.

## Example
```yaml
service: payment-gateway
processing: {idempotence: none}
reactions:
  charge: {on: order-submitted, call: {hook: cards.charge}}
```

## Mend
Say `idempotence: none` of the hook itself, if it is idempotent; else `id`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Related, Severity
from cncb_compiler.diagnostics.mend import Add, chosen
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.graph.system import Send, Write

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedService, LinkedSystem
    from cncb_compiler.model.settings import Processing
    from cncb_compiler.source.location import Location

RULE = Rule("CNCB613", "unprotected-hook", Severity.WARNING, mendable=True)


def check_service(system: LinkedSystem, service: LinkedService) -> Iterator[Diagnostic]:
    """Hooks of services that say `none` for all."""
    if service.decl.processing.idempotence != "none":
        return
    for at, processing in _hooks(service):
        if processing.idempotence is None:
            said = service.at / "processing" / "idempotence"
            yield RULE(
                at.key(),
                "the hook is called again for an event that comes again",
                mend=chosen(
                    "Say `idempotence: none` of the hook itself, if it is idempotent; else `id`.",
                    Add(at / "processing" / "idempotence", "id"),
                ),
                related=(Related(said, "said here for the whole service"),),
            )


def _hooks(service: LinkedService) -> Iterator[tuple[Location, Processing]]:
    for reaction in service.reactions:
        if not isinstance(reaction.effect, (Write, Send)):
            yield reaction.construct.at, reaction.decl.processing
    for function in service.functions:
        if function.events:
            yield function.construct.at, function.decl.processing
