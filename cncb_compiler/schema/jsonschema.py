"""Types written as JSON Schema: understood alike by draft-07 and 2020-12."""

from __future__ import annotations

from typing import Any

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


def to_json_schema(type_: Type, table: TypeTable) -> dict[str, Any]:
    """The JSON Schema of a type. The named types that it reaches stand once each under `$defs`, sorted by name.

    Objects are not closed (no `additionalProperties: false`): a consumer must bear with fields that are added
    later. `format: timestamp` and `sensitive` are annotations of cncb, which validators ignore.
    """
    waiting: list[str] = []
    schema = _schema(type_, waiting)
    definitions: dict[str, Any] = {}
    while waiting:
        name = waiting.pop()
        if name not in definitions:
            named = table.named.get(name, Anything())
            definitions[name] = _schema(named, waiting)
    if definitions:
        schema["$defs"] = {name: definitions[name] for name in sorted(definitions)}
    return schema


def _schema(type_: Type, refs: list[str]) -> dict[str, Any]:
    match type_:
        case Scalar():
            return {"type": type_.base} if type_.format is None else {"type": type_.base, "format": type_.format}
        case Enum():
            return {"type": "string", "enum": list(type_.values)}
        case ListOf():
            return {"type": "array", "items": _schema(type_.item, refs)}
        case MapOf():
            return {"type": "object", "additionalProperties": _schema(type_.value, refs)}
        case Ref():
            refs.append(type_.name)
            return {"$ref": f"#/$defs/{type_.name}"}
        case Anything():
            return {}
        case OneOf():
            if type_ == NEVER:
                return {"type": "null"}
            return {"anyOf": [_schema(option, refs) for option in type_.options]}
        case Record():
            return _record(type_, refs)


def _record(type_: Record, refs: list[str]) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {name: _field(field, refs) for name, field in type_.fields.items()},
    }
    required = [name for name, field in type_.fields.items() if not field.optional]
    if required:
        schema["required"] = required
    if type_.open:
        schema["additionalProperties"] = True
    return schema


def _field(field: Field, refs: list[str]) -> dict[str, Any]:
    schema = _schema(field.type, refs)
    if field.optional and schema:
        # An optional field may also be null.
        if isinstance(field.type, Scalar):
            schema["type"] = [schema["type"], "null"]
        else:
            schema = {"anyOf": [schema, {"type": "null"}]}
    if field.description:
        schema = _annotated(schema, "description", field.description)
    if field.sensitive:
        schema = _annotated(schema, "sensitive", True)
    return schema


def _annotated(schema: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    # In draft-07 nothing may stand beside a `$ref`.
    return {"allOf": [schema], key: value} if "$ref" in schema else {**schema, key: value}
