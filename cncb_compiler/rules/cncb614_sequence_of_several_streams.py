"""Events are compared by sequence numbers of different streams.

## What it does
Reports a view or reaction with `idempotence: sequence` whose events travel on several streams.

## Why is this bad?
Each stream numbers its records by itself. Of two events on two streams, the one with the smaller number may be the
newer one, and would be left out.

## Example
```yaml
events:
  product-created: {entity: product, with: {product: Product}, stream: main}
  product-priced: {entity: product, with: {product: Product}, stream: prices}
views:
  products: {on: [product-created, product-priced], processing: {idempotence: sequence}}
```

## Mend
Compare them by time (`oplock`), or let the events travel on one stream.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.graph.system import Write
from cncb_compiler.model.idempotence import ROWS, idempotence, place

if TYPE_CHECKING:
    from cncb_compiler.graph.system import Construct, LinkedService, LinkedSystem
    from cncb_compiler.model.settings import Processing

RULE = Rule("CNCB614", "sequence-of-several-streams", Severity.ERROR)


def check_service(system: LinkedSystem, service: LinkedService) -> Iterator[Diagnostic]:
    """Views, then reactions that write."""
    for construct, processing, events in _writers(service):
        streams = sorted({system.events[event].stream for event in events})
        if len(streams) > 1 and idempotence(service.decl, processing, ROWS) == "sequence":
            yield RULE(
                place(service.at, construct.at, processing),
                f"sequence numbers of {' and '.join(f'`{name}`' for name in streams)} say nothing about each other",
                mend="Compare them by time (`oplock`), or let the events travel on one stream.",
            )


def _writers(service: LinkedService) -> Iterator[tuple[Construct, Processing, tuple[str, ...]]]:
    for view in service.views:
        yield view.construct, view.decl.processing, tuple(projection.event for projection in view.projections)
    for reaction in service.reactions:
        if isinstance(reaction.effect, Write):
            yield reaction.construct, reaction.decl.processing, reaction.events
