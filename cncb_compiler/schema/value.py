"""The type of a JSON value that is written out."""

from __future__ import annotations

from typing import Any

from cncb_compiler.schema.types import ANYTHING, BOOLEAN, INTEGER, NUMBER, Enum, Field, ListOf, Record, Type
from cncb_compiler.schema.union import union


def type_of(value: Any) -> Type:
    """The narrowest type of `value`: a text is the enum of itself; null, which has no type, is `Anything`."""
    if isinstance(value, bool):
        return BOOLEAN
    if isinstance(value, int):
        return INTEGER
    if isinstance(value, float):
        return NUMBER
    if isinstance(value, str):
        return Enum((value,))
    if isinstance(value, list):
        return ListOf(union(type_of(item) for item in value))
    if isinstance(value, dict):
        return Record({str(name): Field(type_of(item), optional=item is None) for name, item in value.items()})
    return ANYTHING
