"""A command's input as code: the checks of `cncb_runtime.shape`, put together once when the function starts."""

from __future__ import annotations

from cncb_compiler.emit.handlers.parts import call
from cncb_compiler.mapping.layout import Block, Code, join, render, text
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

_FORMATS = {
    "uuid": "uuid",
    "email": "email",
    "uri": "uri",
    "date": "day",
    "date-time": "date_time",
    "timestamp": "timestamp",
}


def shape_constants(input_: Record, table: TypeTable) -> list[str]:
    """The assignments of the input's shape: named types first, `INPUT` last."""
    shapes = _Shapes(table)
    whole = shapes.of(input_)
    return [*shapes.constants, _assignment("INPUT", whole)]


def _assignment(name: str, code: Code) -> str:
    return f"{name} = {render(code, 0, len(name) + 3)}"


class _Shapes:
    """The named types met so far: each becomes a constant before it is used, or is looked up later in itself."""

    def __init__(self, table: TypeTable) -> None:
        self.table = table
        self.constants: list[str] = []
        self.done: set[str] = set()
        self.open: set[str] = set()

    def of(self, type_: Type) -> Code:
        match type_:
            case Ref():
                return self._named(type_)
            case Scalar():
                return f"shape.{_FORMATS.get(type_.format or '', type_.base)}"
            case Enum():
                return call("shape.one_of", *(text(value) for value in type_.values))
            case ListOf():
                return call("shape.list_of", self.of(type_.item))
            case MapOf():
                return call("shape.map_of", self.of(type_.value))
            case OneOf():
                return call("shape.any_of", *(self.of(option) for option in type_.options))
            case Record():
                return self._record(type_)
            case Anything():
                return "shape.anything"

    def _named(self, reference: Ref) -> Code:
        resolved = self.table.resolve(reference)
        if not isinstance(resolved, (Record, OneOf, Enum)):
            return self.of(resolved)
        name = f"{reference.name}Shape"
        if reference.name in self.open:
            return f"shape.later(lambda: {name})"
        if reference.name not in self.done:
            self.open.add(reference.name)
            code = self.of(resolved)
            self.open.discard(reference.name)
            self.done.add(reference.name)
            self.constants.append(_assignment(name, code))
        return name

    def _record(self, record: Record) -> Code:
        required = self._fields(record, optional=False)
        optional = self._fields(record, optional=True)
        arguments: list[Code] = [required]
        if optional != "{}":
            arguments.append(optional)
        if record.open:
            arguments.append("is_open=True")
        return call("shape.record", *arguments)

    def _fields(self, record: Record, *, optional: bool) -> Code:
        parts = [
            join(f"{text(name)}: ", self.of(field.type))
            for name, field in record.fields.items()
            if field.optional == optional
        ]
        return Block("{", tuple(parts), "}") if parts else "{}"
