"""What every declaration shares: strictness, names, durations, and the notations that are parsed later."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    JsonValue,
    Strict,
    StringConstraints,
    WithJsonSchema,
)
from pydantic.alias_generators import to_camel

NAME_PATTERN = r"^[a-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*$"
FIELD_PATTERN = r"^[A-Za-z_][A-Za-z0-9_]*$"
FIELD_PATH_PATTERN = r"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$"
TYPE_PATTERN = r"^[A-Z][A-Za-z0-9]*$"
PLACE_PATTERN = r"^[a-z][A-Za-z0-9-]*\.[a-z][A-Za-z0-9-]*$"
REQUEST_PATTERN = r"^(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) /[^\s]*$"
LOGICAL_ID_PATTERN = r"^[A-Za-z0-9]+$"
ACCOUNT_PATTERN = r"^[0-9]{12}$"
REGION_PATTERN = r"^[a-z]{2}(-[a-z]+)+-[0-9]$"
DAY_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
DURATION_PATTERN = r"^[1-9][0-9]*(s|m|h|d)$"
_STEERING = r"\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069"
OWNER_PATTERN = rf"^[^\s{_STEERING}][^{_STEERING}]*$"
"""Text on one line, without what breaks lines or turns the direction of writing."""

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class Node(BaseModel):
    """A declaration: immutable, and closed, so that a mistyped key is an error.

    The text below a key is its documentation, which `model.json_schema` reads. The modules of this package do not
    postpone annotations: pydantic would have to compile each from its text at every start.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=False)


def exactly_one(*keys: str) -> dict[str, JsonValue]:
    """JSON Schema: one of these keys says something, and no other of them. What is null or empty says nothing."""
    return {"oneOf": [says(key) for key in keys]}


def says(key: str) -> dict[str, JsonValue]:
    """JSON Schema: this key says something."""
    return {"required": [key], "properties": {key: {"not": {"enum": [None, [], {}]}}}}


def seconds(duration: str) -> int:
    """The length of a duration such as `90s`, `15m`, `24h`, `30d`, in seconds."""
    return int(duration[:-1]) * _SECONDS[duration[-1]]


def as_tuple(value: Any) -> Any:
    """A single value where a list may stand, as the list of one."""
    return value if isinstance(value, (list, tuple)) else [value]


def kind_of(value: Any) -> str:
    """What sort of value it is, with its article."""
    names = {dict: "a map", list: "a list", str: "text", bool: "true or false", int: "a number", float: "a number"}
    return "nothing" if value is None else names.get(type(value), "a value")


def _account(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _not_of_aws(name: str) -> str:
    if name.lower().startswith(("aws", "ssm")):
        raise ValueError("begins with `aws` or `ssm`, as no parameter of the Systems Manager may")
    return name


def _a_day(value: str) -> str:
    try:
        date.fromisoformat(value)
    except ValueError:
        raise ValueError("is no day of the calendar, such as `2026-12-31`") from None
    return value


def distinct(values: tuple[str, ...]) -> tuple[str, ...]:
    """The values, none of which is listed twice."""
    repeated = sorted({value for value in values if values.count(value) > 1})
    if repeated:
        raise ValueError(f"lists `{repeated[0]}` twice")
    return values


Integer = Annotated[int, Strict()]
"""A whole number; not `"3"`, `3.0` or `true`."""

Flag = Annotated[bool, Strict()]
"""`true` or `false`; not `"yes"` or `1`."""

Name = Annotated[str, StringConstraints(pattern=NAME_PATTERN, max_length=64)]
"""A name in a system: it becomes part of file, function and resource names."""

SystemName = Annotated[Name, AfterValidator(_not_of_aws)]
IndexName = Annotated[Name, StringConstraints(min_length=3)]
"""An index of a table (Amazon DynamoDB: Naming rules: at least three characters)."""

FieldName = Annotated[str, StringConstraints(pattern=FIELD_PATTERN, max_length=255)]
TypeName = Annotated[str, StringConstraints(pattern=TYPE_PATTERN, max_length=128)]
LogicalId = Annotated[str, StringConstraints(pattern=LOGICAL_ID_PATTERN, max_length=255)]
Duration = Annotated[str, StringConstraints(pattern=DURATION_PATTERN, max_length=8)]
AccountId = Annotated[
    str,
    BeforeValidator(_account),
    StringConstraints(pattern=ACCOUNT_PATTERN),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": ACCOUNT_PATTERN},
                {"type": "integer", "minimum": 10**11, "maximum": 10**12 - 1},
            ]
        }
    ),
]
Owner = Annotated[str, StringConstraints(pattern=OWNER_PATTERN, max_length=128)]
"""A team, as people call it; it becomes part of tags and pictures."""

Day = Annotated[str, StringConstraints(pattern=DAY_PATTERN), AfterValidator(_a_day)]
"""A day of the calendar: `2026-12-31`."""

Region = Annotated[str, StringConstraints(pattern=REGION_PATTERN)]
Names = Annotated[
    tuple[Name, ...],
    BeforeValidator(as_tuple, json_schema_input_type=Name | list[Name]),
    AfterValidator(distinct),
]
"""One name, or a list of them."""

FieldNames = Annotated[
    tuple[FieldName, ...],
    BeforeValidator(as_tuple, json_schema_input_type=FieldName | list[FieldName]),
    AfterValidator(distinct),
]
"""One name of a field, or a list of them."""

FieldPath = Annotated[str, StringConstraints(pattern=FIELD_PATH_PATTERN, max_length=255)]
FieldPaths = Annotated[
    tuple[FieldPath, ...],
    BeforeValidator(as_tuple, json_schema_input_type=FieldPath | list[FieldPath]),
    AfterValidator(distinct),
]
"""Fields, or fields of records in them: `maker.name`."""

SIMPLE_TYPES = (
    "string", "integer", "number", "boolean", "uuid", "date-time", "date", "uri", "email", "timestamp", "any",
)  # fmt: skip
TypeNotation: TypeAlias = Annotated[
    Any,
    WithJsonSchema(
        {
            "description": "A type: `string`, `uuid?`, `[OrderLine]`, `{sku: string}`, ... or JSON Schema.",
            "anyOf": [{"type": "string"}, {"type": "object"}, {"type": "array", "minItems": 1, "maxItems": 1}],
            "examples": [*SIMPLE_TYPES, "enum(open, closed)", "map(string)"],
        }
    ),
]
"""Kept as written; `schema.notation` parses it, where the diagnostics can point inside it."""

MappingNotation: TypeAlias = Annotated[
    Any,
    WithJsonSchema(
        {
            "description": "A mapping: JMESPath, a number, `{const: ...}`, `{hook: module.function}`, a map.",
            "examples": ["order.id", "now()", "uuid()", {"const": "text"}, {"hook": "module.function"}],
        }
    ),
]
"""Kept as written; `mapping.parse` parses it."""


def matches(pattern: str, value: str) -> bool:
    """Whether the whole of `value` has the form `pattern`."""
    return re.fullmatch(pattern, value) is not None
