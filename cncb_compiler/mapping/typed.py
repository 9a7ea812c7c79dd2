"""What is known of a value that an expression gives: its type, whether it may be absent, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from cncb_compiler.schema.types import (
    BOOLEAN,
    Anything,
    Enum,
    ListOf,
    MapOf,
    OneOf,
    Record,
    Scalar,
    Type,
    TypeTable,
)
from cncb_compiler.schema.union import NEVER, union
from cncb_compiler.schema.value import type_of

ITEM = "[]"
"""The part of a list that stands for each of its items."""


class Typed(Struct, frozen=True):
    """A value's type; `optional`: it may be null.

    `sources` are the paths in the scope that it is taken or computed from.
    A value that is built (`{a: x}`, `[x]`, a projection) has `parts`: what is known of each field, or of
    `ITEM`. Of other values the parts stand below the sources.
    """

    type: Type
    optional: bool
    sources: tuple[str, ...]
    parts: Mapping[str, Typed] | None = None


NULL = Typed(NEVER, True, ())


def below(sources: tuple[str, ...], name: str) -> tuple[str, ...]:
    """The paths of a field, or of `ITEM`, below those of its owner; the scope itself is the empty path."""
    if name == ITEM:
        return tuple([source + ITEM for source in sources])
    return tuple([f"{source}.{name}" if source else name for source in sources])


def item_of(value: Typed, item: Type) -> Typed:
    """What is known of each item of a list whose items have type `item`."""
    if value.parts is not None and ITEM in value.parts:
        return value.parts[ITEM]
    return Typed(item, False, below(value.sources, ITEM))


def list_of(item: Typed, *, optional: bool) -> Typed:
    """A list that is built of items like `item`."""
    return Typed(ListOf(item.type), optional, item.sources, {ITEM: item})


def either(left: Typed, right: Typed, *, optional: bool) -> Typed:
    """A value that is one of two."""
    parts: dict[str, Typed] | None = None
    if left.parts is not None or right.parts is not None:
        parts = dict(left.parts or {})
        for name, part in (right.parts or {}).items():
            known = parts.get(name)
            parts[name] = part if known is None else either(known, part, optional=known.optional or part.optional)
        for other in (left, right):
            # The items of a list that is taken as it is stand beside those of one that is built.
            if ITEM in parts and other.parts is None and isinstance(other.type, ListOf):
                item = item_of(other, other.type.item)
                parts[ITEM] = either(parts[ITEM], item, optional=parts[ITEM].optional)
    sources = tuple(dict.fromkeys((*left.sources, *right.sources)))
    return Typed(union((left.type, right.type)), optional, sources, parts)


def options(type_: Type, table: TypeTable) -> tuple[Type, ...]:
    """The types that a value of `type_` may have, none of them a reference or a union."""
    resolved = table.resolve(type_)
    if not isinstance(resolved, OneOf):
        return (resolved,)
    return tuple(inner for option in resolved.options for inner in options(option, table))


def kind(type_: Type) -> str:
    """The JMESPath type of the values of a resolved type; `any` where it is not known."""
    if isinstance(type_, Scalar):
        return "number" if type_.base == "integer" else type_.base
    if isinstance(type_, Enum):
        return "string"
    if isinstance(type_, ListOf):
        return "array"
    return "object" if isinstance(type_, (Record, MapOf)) else "any"


def is_opaque(type_: Type, table: TypeTable) -> bool:
    """Whether a value may be anything, null too."""
    return any(isinstance(option, Anything) for option in options(type_, table))


def is_always_true(type_: Type, table: TypeTable) -> bool:
    """Whether no value of the type is false in JMESPath: neither false nor an empty text, list or object."""
    for option in options(type_, table):
        match option:
            case Scalar():
                if option == BOOLEAN or (option.base == "string" and option.format is None):
                    return False
            case Enum():
                if "" in option.values:
                    return False
            case Record():
                if all(field.optional for field in option.fields.values()):
                    return False
            case _:
                return False
    return True


def words(type_: Type, table: TypeTable) -> str:
    """A type in the words of a message: `a list`, `a string`, `a number or a list`."""
    names = {"array": "a list", "object": "an object", "any": "any value"}
    shown = dict.fromkeys(names.get(kind(option), f"a {kind(option)}") for option in options(type_, table))
    return " or ".join(shown) or "null"


def has_null_items(value: Typed) -> bool:
    """Whether a list that is built, at any depth of the value, may hold nulls."""
    if value.parts is None:
        return False
    item = value.parts.get(ITEM)
    return (item is not None and item.optional) or any(has_null_items(part) for part in value.parts.values())


def typed_value(value: Any) -> Typed:
    """What is known of a JSON value that is written out."""
    return NULL if value is None else Typed(type_of(value), False, ())
