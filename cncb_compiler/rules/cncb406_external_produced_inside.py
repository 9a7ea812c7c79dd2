"""An event that is declared external is published inside the system.

## What it does
Reports each place that publishes an event with `external: true`.

## Why is this bad?
The event has two authors that know nothing of each other, and the checks of who publishes it are off.

## Example
```yaml
events:
  stock-counted: {entity: stock, with: {stock: Stock}, external: true}
commands:
  count: {route: POST /counts, input: {stock: Stock}, publish: stock-counted}
```

## Mend
Remove `external: true` if a service of the system (an external service gateway) brings it in; else publish another
event.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Related, Severity
from cncb_compiler.diagnostics.mend import Remove, chosen
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.rules.places import producers, shown

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedSystem

RULE = Rule("CNCB406", "external-produced-inside", Severity.ERROR, mendable=True)


def check(system: LinkedSystem) -> Iterator[Diagnostic]:
    """Each publication of each external event."""
    for name, event in system.events.items():
        if not event.decl.external:
            continue
        for construct, at in producers(system, name):
            yield RULE(
                at,
                f"{shown(construct)} publishes `{name}`, which is declared external",
                mend=chosen(
                    "Remove `external: true`, or publish an event of the service's own.", Remove(event.at / "external")
                ),
                related=(Related(event.at / "external", "declared external here"),),
            )
