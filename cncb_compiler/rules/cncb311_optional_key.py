"""A key that an event may not have.

## What it does
Reports the key of a view's row, and the partition key of an event, where its mapping may give nothing: it reads a
field that is optional.

## Why is this bad?
Without a key there is no row to write, and no order to keep. The function fails on exactly those events.

## Example
```yaml
events:
  order-noted: {entity: note, with: {note: {id: uuid, orderId: uuid?}}}
views:
  notes: {on: order-noted, key: note.orderId, fields: {text: note.id}}
```

## Mend
Make the field required, give an alternative (`note.orderId || note.id`), or guard with `when:` and another key.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Related, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.mapping.parse import NOTHING
from cncb_compiler.mapping.tree import Nested
from cncb_compiler.schema.types import Record
from cncb_compiler.source.location import Location

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedMapping, LinkedService, LinkedSystem

RULE = Rule("CNCB311", "optional-key", Severity.ERROR)

MEND = "Make the field required, or give an alternative (`a || b`)."


def check(system: LinkedSystem) -> Iterator[Diagnostic]:
    """The partition keys of events."""
    seen: set[Location] = set()
    for emissions in system.emissions.values():
        for emission in emissions:
            by = emission.partition_key
            if by is not None and by.optional and by.tree != NOTHING and by.at not in seen:
                seen.add(by.at)
                yield RULE(by.at, f"`{emission.event}` may come without its partition key", mend=MEND)


def check_service(system: LinkedSystem, service: LinkedService) -> Iterator[Diagnostic]:
    """The keys of views per event."""
    for view in service.views:
        keys = [(projection.event, projection.key) for projection in view.projections]
        for event, key in [*keys, *view.keys.items()]:
            for name, at in _optional(key):
                declared = Related(system.events[event].at.key(), f"`{event}` is declared here")
                message = f"`{event}` may come without `{name}`, but `{view.construct.name}` has it as its key"
                yield RULE(at, message, mend=MEND, related=(declared,))


def _optional(key: LinkedMapping) -> Iterator[tuple[str, Location]]:
    if isinstance(key.type, Record) and isinstance(key.tree, Nested):
        for name, field in key.type.fields.items():
            if field.optional and key.tree.fields[name] != NOTHING:
                yield name, key.at / name
