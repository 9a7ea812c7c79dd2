"""Types as a team would write them: the compact notation, and JSON Schema where it has no words."""

from __future__ import annotations

from typing import Any

from cncb_compiler.model.base import FIELD_PATTERN, matches
from cncb_compiler.schema.jsonschema import Dialect, schema_parts
from cncb_compiler.schema.notation import parse_record, parse_type
from cncb_compiler.schema.types import Anything, Enum, Field, ListOf, MapOf, Record, Ref, Scalar, Type, TypeTable
from cncb_compiler.source.location import Location

_DIALECT = Dialect("#/types")
_AT = Location("")


def written(type_: Type) -> Any:
    """A type in the notation. What that would not be read back as the same is JSON Schema."""
    compact = _compact(type_)
    if compact is not None and _same(parse_type(compact, _AT).type, type_):
        return compact
    return _schema(type_)


def written_record(record: Record) -> Any:
    """As `written`, where only a record will do (`with`, `of`)."""
    compact = _compact(record)
    if isinstance(compact, dict) and _same(parse_record(compact, _AT).type, record):
        return compact
    return _schema(record)


def _schema(type_: Type) -> Any:
    return schema_parts(type_, TypeTable({}), _DIALECT)[0]


def _compact(type_: Type) -> Any:
    match type_:
        case Scalar():
            return type_.format or type_.base
        case Enum():
            return f"enum({', '.join(type_.values)})"
        case Anything():
            return "any"
        case Ref():
            return type_.name
        case ListOf():
            return [written(type_.item)]
        case MapOf():
            value = written(type_.value)
            return f"map({value})" if isinstance(value, str) else None
        case Record() if not type_.open and all(matches(FIELD_PATTERN, name) for name in type_.fields):
            return {name: _field(field) for name, field in type_.fields.items()}
    return None


def _field(field: Field) -> Any:
    shown = written(field.type)
    if field.sensitive or field.description:
        said: dict[str, Any] = {"type": shown}
        if field.optional:
            said["optional"] = True
        if field.sensitive:
            said["sensitive"] = True
        return {**said, "description": field.description} if field.description else said
    if not field.optional:
        return shown
    return f"{shown}?" if isinstance(shown, str) else {"type": shown, "optional": True}


def _same(one: Type, other: Type) -> bool:
    match one, other:
        case Record(), Record():
            return (
                one.open == other.open
                and list(one.fields) == list(other.fields)
                and all(_same_field(one.fields[name], other.fields[name]) for name in one.fields)
            )
        case ListOf(), ListOf():
            return _same(one.item, other.item)
        case MapOf(), MapOf():
            return _same(one.value, other.value)
    return one == other


def _same_field(one: Field, other: Field) -> bool:
    return (one.optional, one.sensitive, one.description) == (
        other.optional,
        other.sensitive,
        other.description,
    ) and _same(one.type, other.type)
