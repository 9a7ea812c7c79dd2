"""Mappings that fill a type from what there is: the same field elsewhere, else a value that is plainly made up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cncb_compiler.schema.assign import fits
from cncb_compiler.schema.sample import sample
from cncb_compiler.schema.types import TIMESTAMP, UUID, Enum, ListOf, MapOf, Record, Scalar, Type, TypeTable

_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Source:
    """A value that is always there, as an expression."""

    expression: str
    type: Type


def sources(record: Record, table: TypeTable, prefix: str = "", depth: int = 0) -> Iterator[Source]:
    """All required fields of a record and of the records inside it, the outermost first."""
    inner: list[tuple[str, Record]] = []
    for name, field in record.fields.items():
        if field.optional:
            continue
        yield Source(f"{prefix}{name}", field.type)
        resolved = table.resolve(field.type)
        if isinstance(resolved, Record) and depth < _DEEPEST:
            inner.append((name, resolved))
    for name, resolved in inner:
        yield from sources(resolved, table, f"{prefix}{name}.", depth + 1)


def filled(record: Record, available: list[Source], table: TypeTable, depth: int = 0) -> dict[str, Any]:
    """A mapping for each required field of a record."""
    return {
        name: _value(name, field.type, available, table, depth)
        for name, field in record.fields.items()
        if not field.optional
    }


def _value(name: str, wanted: Type, available: list[Source], table: TypeTable, depth: int) -> Any:
    for source in available:
        if source.expression.rpartition(".")[2] == name and fits(source.type, wanted, table) is None:
            return source.expression
    resolved = table.resolve(wanted)
    if isinstance(resolved, Record) and depth < _DEEPEST and resolved.fields:
        return filled(resolved, available, table, depth + 1)
    if resolved == UUID:
        return "uuid()"
    if resolved == TIMESTAMP:
        return "now()"
    return {"const": _constant(name, resolved, table)}


def _constant(name: str, wanted: Type, table: TypeTable) -> Any:
    match wanted:
        case Scalar(base="string", format=None):
            return name
        case Scalar(base="integer" | "number"):
            return 0
        case Scalar(base="boolean"):
            return False
        case Enum():
            return wanted.values[0]
        case ListOf():
            return []
        case MapOf():
            return {}
        case _:
            return sample(wanted, table, name)
