"""Example values of types, for generated tests and scaffolds."""

from __future__ import annotations

import uuid
import zlib
from typing import Any

from cncb_compiler.schema.types import (
    Anything,
    Enum,
    ListOf,
    MapOf,
    OneOf,
    Record,
    Ref,
    Scalar,
    Type,
    TypeTable,
)

_NAMESPACE = uuid.UUID("c4f1c8f2-6c0e-5d5c-9d3f-2f0d3f6f7a11")
_TIMESTAMP = 1_700_000_000_000
"""2023-11-14T22:13:20Z: examples never read the clock."""


def sample(type_: Type, table: TypeTable, seed: str) -> Any:
    """An example JSON value: the same for the same type and seed, different from field to field.

    Optional fields are filled, except where a type holds itself. A required recursion without end gives null.
    """
    return _sample(type_, table, seed, ())


def _sample(type_: Type, table: TypeTable, seed: str, trail: tuple[str, ...]) -> Any:
    match type_:
        case Ref():
            inside = None if type_.name in trail else table.resolve(type_)
            return None if inside is None else _sample(inside, table, seed, (*trail, type_.name))
        case Scalar():
            return _scalar(type_, seed)
        case Enum():
            return type_.values[0]
        case ListOf():
            item = None if _enters(type_.item, trail) else _sample(type_.item, table, f"{seed}.0", trail)
            return [] if item is None else [item]
        case MapOf():
            value = None if _enters(type_.value, trail) else _sample(type_.value, table, f"{seed}.key", trail)
            return {} if value is None else {"key": value}
        case OneOf():
            return next(
                (found for option in type_.options if (found := _sample(option, table, seed, trail)) is not None),
                None,
            )
        case Record():
            return {
                name: _sample(field.type, table, f"{seed}.{name}", trail)
                for name, field in type_.fields.items()
                if not (field.optional and _enters(field.type, trail))
            }
        case Anything():
            return {"example": seed.rpartition(".")[2]}


def _enters(type_: Type, trail: tuple[str, ...]) -> bool:
    return isinstance(type_, Ref) and type_.name in trail


def _scalar(type_: Scalar, seed: str) -> Any:
    word = seed.rpartition(".")[2] or "value"
    number = zlib.crc32(seed.encode("utf-8", "surrogatepass"))
    match type_.format or type_.base:
        case "uuid":
            return str(uuid.uuid5(_NAMESPACE, seed))
        case "date-time":
            return f"2024-01-{1 + number % 28:02d}T12:00:00.000Z"
        case "date":
            return f"2024-01-{1 + number % 28:02d}"
        case "uri":
            return f"https://example.com/{number % 1000}"
        case "email":
            return f"user{number % 1000}@example.com"
        case "timestamp":
            return _TIMESTAMP + number % 1_000_000 * 1000
        case "integer":
            return 1 + number % 100
        case "number":
            return 1 + number % 10_000 / 4
        case "boolean":
            return True
        case _:
            return f"{word}-{number % 1000}"
