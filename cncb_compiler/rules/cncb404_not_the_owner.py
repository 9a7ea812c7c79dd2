"""A service publishes an event that another service owns.

## What it does
Compares the publishers of each event with its `owner`.

## Why is this bad?
An event is the word of its owner: consumers rely on who says it. Anybody else who says it may say something else.

## Example
```yaml
events:
  order-submitted: {entity: order, with: {order: Order}, owner: order-bff}
# services/returns.yaml
changes:
  returns: {insert: order-submitted}
```

## Mend
Publish an event of the service's own, or add the service to `owner`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Related, Severity
from cncb_compiler.diagnostics.mend import Put, chosen
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.rules.places import producers

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedSystem

RULE = Rule("CNCB404", "not-the-owner", Severity.ERROR, mendable=True)


def check(system: LinkedSystem) -> Iterator[Diagnostic]:
    """Each publication of an event that has an owner."""
    for name in {**system.emissions, **system.publishing_functions}:
        event = system.events[name]
        owners = event.decl.owner
        if not owners:
            continue
        for construct, at in producers(system, name):
            if construct.service not in owners:
                shown = " and ".join(f"`{owner}`" for owner in owners)
                yield RULE(
                    at,
                    f"`{construct.service}` publishes `{name}`, which {shown} {'owns' if len(owners) == 1 else 'own'}",
                    mend=chosen(
                        f"Publish an event of its own, or add `{construct.service}` to the event's `owner`.",
                        Put(event.at / "owner", f"[{', '.join((*owners, construct.service))}]"),
                    ),
                    related=(Related(event.at / "owner", "the owner is said here"),),
                )
