"""An event that several services publish, without saying that they own it together.

## What it does
Reports an event without `owner` that two or more services publish.

## Why is this bad?
Nobody answers for what the event means and when it changes; and two writers of one entity echo each other unless
their changes are latched.

## Example
```yaml
events:
  customer-updated: {entity: customer, with: {customer: Customer}}      # published by crm and by web
```

## Mend
Let one service publish it. Where both author the entity (bi-directional synchronisation), say `owner: [crm, web]`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.mend import Add, chosen
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.rules.places import producers, related

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedSystem

RULE = Rule("CNCB403", "several-owners", Severity.ERROR, mendable=True)


def check(system: LinkedSystem) -> Iterator[Diagnostic]:
    """Each event without an owner, by the services that publish it."""
    for name in {**system.emissions, **system.publishing_functions}:
        event = system.events[name]
        if event.decl.owner:
            continue
        found = producers(system, name)
        services = sorted({construct.service for construct, _ in found})
        if len(services) > 1:
            together = ", ".join(services)
            shown = ", ".join(f"`{service}`" for service in services)
            yield RULE(
                event.at.key(),
                f"`{name}` is published by {len(services)} services: {shown}",
                mend=chosen(
                    f"Let one of them publish it; if they author it together, say `owner: [{together}]`.",
                    Add(event.at / "owner", f"[{together}]"),
                ),
                related=related(found, "published by"),
            )
