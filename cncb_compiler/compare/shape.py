"""Types without names: what a type of one revision means, to be set beside one of another."""

from __future__ import annotations

from cncb_compiler.schema.types import (
    ANYTHING,
    Field,
    ListOf,
    MapOf,
    OneOf,
    Record,
    Ref,
    Type,
    TypeTable,
)
from cncb_compiler.schema.walk import render_type


def expanded(type_: Type, table: TypeTable, trail: tuple[str, ...] = ()) -> Type:
    """The type with every named type in place of its name; one within itself is `Anything` from there on."""
    match type_:
        case Ref():
            if type_.name in trail:
                return ANYTHING
            return expanded(table.resolve(type_), table, (*trail, type_.name))
        case ListOf():
            return ListOf(expanded(type_.item, table, trail))
        case MapOf():
            return MapOf(expanded(type_.value, table, trail))
        case OneOf():
            return OneOf(tuple(expanded(option, table, trail) for option in type_.options))
        case Record():
            fields = {
                name: Field(expanded(field.type, table, trail), field.optional, field.sensitive)
                for name, field in sorted(type_.fields.items())
            }
            return Record(fields, type_.open)
        case _:
            return type_


def shape(type_: Type, table: TypeTable) -> str:
    """A text that is the same for types that mean the same."""
    return render_type(expanded(type_, table))
