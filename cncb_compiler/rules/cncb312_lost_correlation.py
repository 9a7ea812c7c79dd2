"""A correlation key that one of the events may not carry.

## What it does
Reports `by:` of a collected view or a `join` where, for one of the event types, it may give nothing: it reads a
field that is optional there, or that the context of the process does not hold on every path that leads there.

## Why is this bad?
Such an event is never found together with the others that it belongs to. A join waits for it in vain.

## Example
```yaml
events:
  payment-taken: {entity: payment, with: {payment: {id: uuid, orderId: uuid?}}}
transitions:
  - join: [order-packed, payment-taken]
    by: {order-packed: order.id, payment-taken: payment.orderId}
    emit: ship-order
```

## Mend
Make the field required, or carry it in the context from the start of the process.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.mapping.parse import NOTHING
from cncb_compiler.rules.places import producers, related

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedCollect, LinkedSystem

RULE = Rule("CNCB312", "lost-correlation", Severity.ERROR)


def check(system: LinkedSystem) -> Iterator[Diagnostic]:
    """The correlation of each micro event store, per event."""
    for service in system.services.values():
        for view in service.views:
            if view.collect is not None:
                yield from _check(system, view.collect)
        for transition in service.transitions:
            if transition.collect is not None:
                yield from _check(system, transition.collect)


def _check(system: LinkedSystem, collect: LinkedCollect) -> Iterator[Diagnostic]:
    for event, key in collect.by.items():
        if key.optional and key.tree != NOTHING:
            yield RULE(
                key.at,
                f"`{event}` may come without the key that it is correlated by",
                mend="Make the field required, or carry it in the context from the start of the process.",
                related=related(producers(system, event), f"`{event}` is published by"),
            )
