"""The type algebra: what a value in an event, a row, a view or a response can be.

Types are plain values. Named types stay references (`Ref`) until `TypeTable.resolve`, so that they may be recursive.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from msgspec import Struct, field


class Scalar(Struct, frozen=True):
    """A JSON scalar: `base` is `string`, `integer`, `number` or `boolean`; `format` as in JSON Schema.

    Formats: uuid, date-time, date, uri, email on strings; timestamp (milliseconds since the epoch) on integers.
    """

    base: str
    format: str | None = None


class Enum(Struct, frozen=True):
    """One of a closed set of strings, in the declared order."""

    values: tuple[str, ...]


class ListOf(Struct, frozen=True):
    """A JSON array whose items all have one type."""

    item: Type


class MapOf(Struct, frozen=True):
    """A JSON object with any keys, whose values all have one type."""

    value: Type


class Ref(Struct, frozen=True):
    """A named type of the system."""

    name: str


class Anything(Struct, frozen=True):
    """Any JSON value: an opaque context, an untyped payload. Nothing inside it is checked."""


class OneOf(Struct, frozen=True):
    """A value of one of several types (JSON Schema `oneOf`, `anyOf`)."""

    options: tuple[Type, ...]


class Field(Struct, frozen=True):
    """A field of a record. `optional`: may be absent or null. `sensitive`: personal or secret."""

    type: Type
    optional: bool = False
    sensitive: bool = False
    description: str = ""


class Record(Struct, frozen=True, eq=False):
    """A JSON object with known fields, in the declared order. `open`: further, untyped fields are allowed."""

    fields: Mapping[str, Field] = field(default_factory=dict)
    open: bool = False


Type: TypeAlias = Scalar | Enum | ListOf | MapOf | Ref | Anything | OneOf | Record

STRING = Scalar("string")
INTEGER = Scalar("integer")
NUMBER = Scalar("number")
BOOLEAN = Scalar("boolean")
UUID = Scalar("string", "uuid")
TIMESTAMP = Scalar("integer", "timestamp")
ANYTHING = Anything()


class TypeTable(Struct, frozen=True):
    """The named types of a system."""

    named: Mapping[str, Type]

    def resolve(self, type_: Type) -> Type:
        """The type behind a reference; an unknown name or a circle of bare references is `Anything`.

        Unknown names are reported where they are written (CNCB2xx), so nothing is said twice here.
        """
        seen: set[str] = set()
        while isinstance(type_, Ref):
            if type_.name in seen or type_.name not in self.named:
                return ANYTHING
            seen.add(type_.name)
            type_ = self.named[type_.name]
        return type_
