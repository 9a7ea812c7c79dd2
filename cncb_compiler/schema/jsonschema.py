"""Types written as JSON Schema: understood alike by draft-07 and 2020-12."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from cncb_compiler.schema.types import (
    Anything,
    Enum,
    Field,
    ListOf,
    MapOf,
    OneOf,
    Record,
    Ref,
    Scalar,
    Type,
    TypeTable,
)
from cncb_compiler.schema.union import NEVER


class Dialect(Struct, frozen=True):
    """Where the schemas of named types stand, as a pointer, and by which keyword a field is said to be sensitive."""

    definitions: str = "#/$defs"
    sensitive: str = "sensitive"


CNCB = Dialect()
"""As the language reads it."""


def to_json_schema(type_: Type, table: TypeTable, dialect: Dialect = CNCB) -> dict[str, Any]:
    """The JSON Schema of a type. The named types that it reaches stand once each under `$defs`, sorted by name.

    Objects are not closed (no `additionalProperties: false`): a consumer must bear with fields that are added
    later. `format: timestamp` and `sensitive` are annotations of cncb, which validators ignore.
    """
    schema, definitions = schema_parts(type_, table, dialect)
    if definitions:
        schema["$defs"] = definitions
    return schema


def schema_parts(type_: Type, table: TypeTable, dialect: Dialect = CNCB) -> tuple[dict[str, Any], dict[str, Any]]:
    """As `to_json_schema`, the named types by themselves, for a place of their own."""
    writer = _Writer(dialect)
    schema = writer.schema(type_)
    definitions: dict[str, Any] = {}
    while writer.waiting:
        name = writer.waiting.pop()
        if name not in definitions:
            definitions[name] = writer.schema(table.named.get(name, Anything()))
    return schema, {name: definitions[name] for name in sorted(definitions)}


class _Writer:
    """The schemas of types in one dialect; `waiting` are the named types that they refer to."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.waiting: list[str] = []

    def schema(self, type_: Type) -> dict[str, Any]:
        match type_:
            case Scalar():
                return {"type": type_.base} if type_.format is None else {"type": type_.base, "format": type_.format}
            case Enum():
                return {"type": "string", "enum": list(type_.values)}
            case ListOf():
                return {"type": "array", "items": self.schema(type_.item)}
            case MapOf():
                return {"type": "object", "additionalProperties": self.schema(type_.value)}
            case Ref():
                self.waiting.append(type_.name)
                return {"$ref": f"{self.dialect.definitions}/{type_.name}"}
            case Anything():
                return {}
            case OneOf():
                if type_ == NEVER:
                    return {"type": "null"}
                return {"anyOf": [self.schema(option) for option in type_.options]}
            case Record():
                return self.record(type_)

    def record(self, type_: Record) -> dict[str, Any]:
        schema: dict[str, Any] = {
            "type": "object",
            "properties": {name: self.field(field) for name, field in type_.fields.items()},
        }
        required = [name for name, field in type_.fields.items() if not field.optional]
        if required:
            schema["required"] = required
        if type_.open:
            schema["additionalProperties"] = True
        return schema

    def field(self, field: Field) -> dict[str, Any]:
        schema = self.schema(field.type)
        if field.optional and schema:
            # An optional field may also be null.
            if isinstance(field.type, Scalar):
                schema["type"] = [schema["type"], "null"]
            else:
                schema = {"anyOf": [schema, {"type": "null"}]}
        if field.description:
            schema = _annotated(schema, "description", field.description)
        if field.sensitive:
            schema = _annotated(schema, self.dialect.sensitive, True)
        return schema


def _annotated(schema: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    # In draft-07 nothing may stand beside a `$ref`.
    return {"allOf": [schema], key: value} if "$ref" in schema else {**schema, key: value}
