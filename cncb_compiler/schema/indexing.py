"""How a search index holds values of a type, and so what they can be found by.

OpenSearch documentation: "Supported field types". A text is held twice, by its words and as a whole, so that it does
not depend on the queries of today what can be asked tomorrow.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from msgspec import Struct

from cncb_compiler.schema.types import Enum, ListOf, Record, Ref, Scalar, Type, TypeTable

TEXT = "text"
OPAQUE = "opaque"
"""Kept, but nothing can be found by it."""

_OF_STRINGS = {None: TEXT, "date": "date", "date-time": "date-time"}
_OF_OTHERS = {"boolean": "boolean", "integer": "long", "number": "double"}

Fields: TypeAlias = Mapping[str, "str | Fields"]
"""How each field is held: the name of a kind, or the fields of a record."""


class IndexedField(Struct, frozen=True):
    """A field of an index. `several`: a document may have several values of it."""

    path: str
    kind: str
    several: bool

    @property
    def exact(self) -> str:
        """The field that holds the values as a whole, to be compared and sorted."""
        return f"{self.path}.keyword" if self.kind == TEXT else self.path


def indexed(record: Record, table: TypeTable) -> Fields:
    """How an index holds the fields of a record."""
    return {name: _held(field.type, table, ()) for name, field in record.fields.items()}


def indexed_fields(record: Record, table: TypeTable) -> dict[str, IndexedField]:
    """Every field that something can be found by, by its path."""
    return {one.path: one for one in _found(record, table, "", False, ())}


def _held(type_: Type, table: TypeTable, trail: tuple[str, ...]) -> str | Fields:
    if isinstance(type_, Ref):
        if type_.name in trail:
            return OPAQUE
        return _held(table.resolve(type_), table, (*trail, type_.name))
    match type_:
        case Scalar(base="string"):
            return _OF_STRINGS.get(type_.format, "keyword")
        case Scalar(format="timestamp"):
            return "timestamp"
        case Scalar():
            return _OF_OTHERS[type_.base]
        case Enum():
            return "keyword"
        case ListOf():
            return _held(type_.item, table, trail)
        case Record(open=False) if type_.fields:
            return {name: _held(field.type, table, trail) for name, field in type_.fields.items()}
        case _:
            return OPAQUE


def _found(
    record: Record, table: TypeTable, prefix: str, several: bool, trail: tuple[str, ...]
) -> Iterator[IndexedField]:
    for name, field in record.fields.items():
        type_, listed, seen = field.type, several, trail
        while isinstance(type_, (Ref, ListOf)):
            if isinstance(type_, ListOf):
                type_, listed = type_.item, True
            elif type_.name in seen:
                break
            else:
                seen = (*seen, type_.name)
                type_ = table.resolve(type_)
        held = _held(type_, table, trail) if isinstance(type_, Ref) else _held(type_, table, seen)
        path = f"{prefix}{name}"
        if isinstance(type_, Record) and not isinstance(held, str):
            yield from _found(type_, table, f"{path}.", listed, seen)
        elif isinstance(held, str) and held != OPAQUE:
            yield IndexedField(path, held, listed)
