"""A service is gone.

## What it does
Finds services that are declared no more. `breaking` where it had callers, or another service listens to what it alone
published; else `risky`. Its stack stands until `cncb remove`, with its data.

## Example
```yaml
# before
services: {orders: {commands: {submit: {route: POST /orders, publish: order-submitted}}}, printer: {}}
# after
services: {orders: {commands: {submit: {route: POST /orders, publish: order-submitted}}}}
```

## Mend
Move its callers and listeners first; then remove its stack with `cncb remove --stage STAGE --service NAME`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.compare.change import Change, ChangeRule, Level
from cncb_compiler.compare.parties import callers_of, listeners_of

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

RULE = ChangeRule("DIFF211", "service-removed", (Level.BREAKING, Level.RISKY))


def changes(compared: Compared) -> Iterator[Change]:
    """Each service on the side before only, with its callers, and with who listens to it alone."""
    for service in compared.services.removed.values():
        hit = (*callers_of(service), *listeners_of(compared.before, service))
        yield RULE(
            Level.BREAKING if hit else Level.RISKY,
            f"service:{service.name}",
            f"service {service.name} is gone; its stack stands until it is removed",
            before=service.at,
            affected=hit,
            mend="Move its callers and listeners first; then remove its stack.",
        )
