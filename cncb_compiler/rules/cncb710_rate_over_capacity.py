"""A rate that is more than the table can take.

## What it does
Compares the `rate` that a view or a reaction says, times the invocations that there may be at a time, with the table's
provisioned write capacity:

    rate x shards x parallelization <= write units

A stream on demand counts as the 4 shards that it begins with; reserved `concurrency` bounds the invocations. Of scaled
capacity the most counts. A row is taken for one unit, which holds 1 KB of it.

## Why is this bad?
The table throttles what is above its capacity, and everybody else who writes it.

## Example
```yaml
views:
  products: {on: product-updated, capacity: {read: 5, write: 10}, processing: {rate: 50}}      # 4 x 50 = 200
```

## Mend
Leave `rate` out, and each invocation gets its share of the capacity; or provision what is needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.graph.fitness import resolved
from cncb_compiler.graph.shares import invocations
from cncb_compiler.graph.system import Write
from cncb_compiler.model.store import Throughput

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedService, LinkedStore, LinkedSystem
    from cncb_compiler.model.settings import FunctionSettings, Processing
    from cncb_compiler.source.location import Location

RULE = Rule("CNCB710", "rate-over-capacity", Severity.ERROR)


class _Writer(NamedTuple):
    at: Location
    store: LinkedStore
    events: tuple[str, ...]
    processing: Processing
    function: FunctionSettings


def check_service(system: LinkedSystem, service: LinkedService) -> Iterator[Diagnostic]:
    """Each view and reaction that writes a provisioned table at a rate of its own."""
    for writer in _writers(service):
        rate = resolved(service.decl.processing, writer.processing).rate
        capacity = writer.store.capacity
        if not isinstance(rate, (int, float)) or not isinstance(capacity, Throughput):
            continue
        most = capacity.write if isinstance(capacity.write, int) else capacity.write.max
        at_a_time = invocations(system, service, writer.events, writer.processing, writer.function)
        if rate * at_a_time > most:
            at = writer.at if "rate" in writer.processing.model_fields_set else service.at
            yield RULE(
                at / "processing" / "rate",
                f"{at_a_time} invocations at a time x {rate:g} a second = {rate * at_a_time:g} writes, but "
                f"`{writer.store.name}` has {most} write units",
                mend=f"Leave it out, or say `rate: {most / at_a_time:.4g}` or less.",
            )


def _writers(service: LinkedService) -> Iterator[_Writer]:
    for view in service.views:
        events = () if view.collect else tuple(one.event for one in view.projections)
        yield _Writer(view.construct.at, view.store, events, view.decl.processing, view.decl.function)
    for reaction in service.reactions:
        if isinstance(reaction.effect, Write):
            decl = reaction.decl
            store = reaction.effect.store
            yield _Writer(reaction.construct.at, store, reaction.events, decl.processing, decl.function)
