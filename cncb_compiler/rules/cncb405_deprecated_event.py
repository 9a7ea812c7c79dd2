"""A deprecated event is still in use.

## What it does
Reports each place that publishes or consumes an event with `stability: deprecated`.

## Why is this bad?
It will go. Its consumers have to be gone before.

## Example
```yaml
events:
  order-placed: {entity: order, with: {order: Order}, stability: deprecated}
views:
  orders: {on: order-placed, key: order.id}
```

## Mend
Consume what takes its place (its `description` should say what that is); then stop publishing it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Related, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.rules.places import consumption, producers, shown

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedSystem

RULE = Rule("CNCB405", "deprecated-event", Severity.WARNING)


def check(system: LinkedSystem) -> Iterator[Diagnostic]:
    """Each use of each deprecated event."""
    for name, event in system.events.items():
        if event.decl.stability != "deprecated":
            continue
        declared = (Related(event.at / "stability", "deprecated here"),)
        mend = event.decl.description or "Use what takes its place."
        for construct in system.consumers.get(name, ()):
            message = f"{shown(construct)} consumes `{name}`, which is deprecated"
            yield RULE(consumption(system, construct, name), message, mend=mend, related=declared)
        for construct, at in producers(system, name):
            message = f"{shown(construct)} publishes `{name}`, which is deprecated"
            yield RULE(at, message, mend="Stop once nobody consumes it.", related=declared)
