"""A queue or bus that nothing sends to.

## What it does
Reports a queue or bus of a service that no reaction of it names in `send`.

## Why is this bad?
Whoever receives from it waits for messages that never come.

## Example
```yaml
queues:
  outbox: {of: Parcel}      # and no reaction says `send: outbox`
```

## Mend
Send to it by a reaction, or remove it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.mend import Remove, chosen
from cncb_compiler.diagnostics.rule import Rule

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedService, LinkedSystem

RULE = Rule("CNCB217", "unused-outlet", Severity.WARNING, mendable=True)


def check_service(system: LinkedSystem, service: LinkedService) -> Iterator[Diagnostic]:
    """Each queue and bus that no reaction of its service sends to."""
    sent = {reaction.send for reaction in service.decl.reactions.values()}
    for name, outlet in service.outlets.items():
        if name not in sent:
            message = f"nothing sends to the {outlet.kind} `{name}`"
            yield RULE(
                outlet.construct.at.key(),
                message,
                mend=chosen("Send to it by a reaction, or remove it.", Remove(outlet.construct.at)),
            )
