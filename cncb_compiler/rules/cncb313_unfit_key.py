"""A key that is neither text nor a number.

## What it does
Reports the key of a view's row, a correlation key and a partition key that is a list, an object or a boolean.

## Why is this bad?
A key of DynamoDB is text, a number or bytes, the name of an object and the partition key of an event are text.

## Example
```yaml
views:
  orders: {on: order-submitted, key: order, fields: {status: order.status}}      # order is an object
```

## Mend
Name the field inside it that identifies the row, such as `order.id`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Severity
from cncb_compiler.diagnostics.rule import Rule
from cncb_compiler.schema.types import ListOf, MapOf, Record, Scalar, Type, TypeTable
from cncb_compiler.source.location import Location

if TYPE_CHECKING:
    from cncb_compiler.graph.system import LinkedMapping, LinkedService, LinkedSystem

RULE = Rule("CNCB313", "unfit-key", Severity.ERROR)


def check(system: LinkedSystem) -> Iterator[Diagnostic]:
    """Partition keys."""
    seen: set[Location] = set()
    for event, emissions in system.emissions.items():
        for emission in emissions:
            key = emission.partition_key
            kind = _unfit(key.type, system.types) if key is not None else ""
            if key is not None and kind and key.at not in seen:
                seen.add(key.at)
                yield _finding(key.at, f"the partition key of `{event}`", kind)


def check_service(system: LinkedSystem, service: LinkedService) -> Iterator[Diagnostic]:
    """Keys of rows, and correlations."""
    seen: set[Location] = set()
    for what, type_, at in _keys(service):
        kind = _unfit(type_, system.types)
        if kind and at not in seen:
            seen.add(at)
            yield _finding(at, what, kind)


def _finding(at: Location, what: str, kind: str) -> Diagnostic:
    return RULE(at, f"{what} is {kind}, not text or a number", mend="Name the field inside it that identifies.")


def _keys(service: LinkedService) -> Iterator[tuple[str, Type, Location]]:
    for view in service.views:
        keys = [projection.key for projection in view.projections] or list(view.keys.values())
        for key in keys:
            yield from _attributes(view.construct.name, key)
        if view.collect is not None:
            for event, by in view.collect.by.items():
                yield f"what `{event}` is correlated by", by.type, by.at
    for transition in service.transitions:
        if transition.collect is not None:
            for event, by in transition.collect.by.items():
                yield f"what `{event}` is correlated by", by.type, by.at


def _attributes(view: str, key: LinkedMapping) -> Iterator[tuple[str, Type, Location]]:
    if isinstance(key.type, Record):
        for name, field in key.type.fields.items():
            yield f"the key `{name}` of `{view}`", field.type, key.at / name


def _unfit(type_: Type, table: TypeTable) -> str:
    match table.resolve(type_):
        case Scalar(base="boolean"):
            return "true or false"
        case ListOf():
            return "a list"
        case Record() | MapOf():
            return "an object"
        case _:
            return ""
