"""A listener relies on an order of events that the stream does not keep.

## What it does
Events stay in order only among those with one partition key. Reported is a view or reaction with `oplock: false`
whose rows have another key than the partition key of an event that writes them.

With the inverse oplock the order does not matter. Neither does it for a micro event store (`collect`, `join`): it
sorts its events by time.

## Why is this bad?
Two events about one row travel through different shards. Whichever is read last wins, not whichever happened last.

## Example
```yaml
views:
  customers: {on: order-submitted, key: order.customerId, oplock: false}      # ordered by order.id
```

## Mend
Remove `oplock: false`, or give the event the row's key as its `partitionKey`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Related, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.graph.system import Write
from cncb_compiler.mapping.tree import Expression, Nested
from cncb_compiler.schema.types import Record

if TYPE_CHECKING:
    from cncb_compiler.graph.system import Construct, LinkedEvent, LinkedMapping, LinkedSystem

RULE = Rule("CNCB608", "unordered-listener", Severity.WARNING)


def check(system: LinkedSystem) -> Iterator[Diagnostic]:
    """Views, then reactions, that have switched the oplock off."""
    for service in system.services.values():
        for view in service.views:
            if not view.decl.oplock:
                for projection in view.projections:
                    yield from _check(system, view.construct, projection.event, projection.key, view.store.key_names)
        for reaction in service.reactions:
            effect = reaction.effect
            if not reaction.decl.oplock and isinstance(effect, Write):
                key = effect.key or effect.fields
                for event in reaction.events:
                    yield from _check(system, reaction.construct, event, key, effect.store.key_names)


def _check(
    system: LinkedSystem, construct: Construct, name: str, key: LinkedMapping | None, attributes: tuple[str, ...]
) -> Iterator[Diagnostic]:
    event = system.events[name]
    ordered_by = _partition_key(system, event)
    if key is None or ordered_by is None or not isinstance(key.tree, Nested):
        return
    row = key.tree.fields.get(attributes[0]) if attributes else None
    if isinstance(row, Expression) and row.text not in (ordered_by, "partitionKey"):
        yield RULE(
            construct.at / "oplock",
            f"`{name}` is in order by `{ordered_by}`, but writes the row of `{row.text}`",
            mend="Remove `oplock: false`, or give the event the row's key as its `partitionKey`.",
            related=(Related(event.at.key(), f"`{name}` is declared here"),),
        )


def _partition_key(system: LinkedSystem, event: LinkedEvent) -> str | None:
    """The expression of an event's partition key; None where a trigger's is handed on."""
    if event.decl.partition_key is not None:
        return event.decl.partition_key
    field = event.own.fields.get(event.decl.entity or "")
    record = system.types.resolve(field.type) if field is not None else None
    return f"{event.decl.entity}.id" if isinstance(record, Record) and "id" in record.fields else None
