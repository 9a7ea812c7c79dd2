"""A listener relies on an order of events that the stream does not keep.

## What it does
Events stay in order only among those with one partition key. Reported is a view or reaction by another `idempotence`
than `oplock` whose rows have another key than the partition key of an event that writes them.

With the inverse oplock the order does not matter. Neither does it for a micro event store (`collect`, `join`): it
sorts its events by time.

## Why is this bad?
Two events about one row travel through different shards. Whichever is read last wins, not whichever happened last.
Sequence numbers do not help: those of different shards say nothing about each other.

## Example
```yaml
views:
  customers: {on: order-submitted, key: order.customerId, processing: {idempotence: sequence}}   # ordered by order.id
```

## Mend
Leave `idempotence` out, or give the event the row's key as its `partitionKey`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Related, Severity
from cncb_compiler.diagnostics.mend import Remove, chosen
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.graph.system import LinkedService, Write
from cncb_compiler.mapping.tree import Expression, Nested
from cncb_compiler.model.idempotence import ROWS, idempotence, place, rows_of
from cncb_compiler.schema.types import Record

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedEvent, LinkedMapping, LinkedSystem
    from cncb_compiler.source.location import Location

RULE = Rule("CNCB608", "unordered-listener", Severity.WARNING, mendable=True)


def check_service(system: LinkedSystem, service: LinkedService) -> Iterator[Diagnostic]:
    """Views, then reactions, that rely on the order of the stream."""
    for view in service.views:
        if idempotence(service.decl, view.decl.processing, ROWS) != "oplock":
            at = place(service.at, view.construct.at, view.decl.processing)
            for projection in view.projections:
                yield from _check(system, at, projection.event, projection.key, view.store.key_names)
    for reaction in service.reactions:
        effect = reaction.effect
        if not isinstance(effect, Write):
            continue
        if idempotence(service.decl, reaction.decl.processing, rows_of(service.decl, effect.store.name)) != "oplock":
            at = place(service.at, reaction.construct.at, reaction.decl.processing)
            for event in reaction.events:
                yield from _check(system, at, event, effect.key or effect.fields, effect.store.key_names)


def _check(
    system: LinkedSystem, at: Location, name: str, key: LinkedMapping | None, attributes: tuple[str, ...]
) -> Iterator[Diagnostic]:
    event = system.events[name]
    ordered_by = _partition_key(system, event)
    if key is None or ordered_by is None or not isinstance(key.tree, Nested):
        return
    row = key.tree.fields.get(attributes[0]) if attributes else None
    if isinstance(row, Expression) and row.text not in (ordered_by, "partitionKey"):
        yield RULE(
            at,
            f"`{name}` is in order by `{ordered_by}`, but writes the row of `{row.text}`",
            mend=chosen("Leave `idempotence` out, or give the event the row's key as its `partitionKey`.", Remove(at)),
            related=(Related(event.at.key(), f"`{name}` is declared here"),),
        )


def _partition_key(system: LinkedSystem, event: LinkedEvent) -> str | None:
    """The expression of an event's partition key; None where a trigger's is handed on."""
    if event.decl.partition_key is not None:
        return event.decl.partition_key
    field = event.own.fields.get(event.decl.entity or "")
    record = system.types.resolve(field.type) if field is not None else None
    return f"{event.decl.entity}.id" if isinstance(record, Record) and "id" in record.fields else None
