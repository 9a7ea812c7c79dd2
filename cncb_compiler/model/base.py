"""What every declaration shares: strictness, names, durations, and the notations that are parsed later."""

from __future__ import annotations

import re
from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints, WithJsonSchema
from pydantic.alias_generators import to_camel

NAME_PATTERN = r"^[a-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*$"
FIELD_PATTERN = r"^[A-Za-z_][A-Za-z0-9_]*$"
TYPE_PATTERN = r"^[A-Z][A-Za-z0-9]*$"
DURATION_PATTERN = r"^[1-9][0-9]*(s|m|h|d)$"

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class Node(BaseModel):
    """A declaration: immutable, and closed, so that a mistyped key is an error."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=False, use_attribute_docstrings=True
    )


def seconds(duration: str) -> int:
    """The length of a duration such as `90s`, `15m`, `24h`, `30d`, in seconds."""
    return int(duration[:-1]) * _SECONDS[duration[-1]]


def as_tuple(value: Any) -> Any:
    """A single value where a list may stand, as the list of one."""
    return value if isinstance(value, (list, tuple)) else [value]


def _account(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _distinct(values: tuple[str, ...]) -> tuple[str, ...]:
    repeated = sorted({value for value in values if values.count(value) > 1})
    if repeated:
        raise ValueError(f"{repeated[0]} is listed twice")
    return values


Name = Annotated[str, StringConstraints(pattern=NAME_PATTERN, max_length=64)]
"""A name in a system: it becomes part of file, function and resource names."""

FieldName = Annotated[str, StringConstraints(pattern=FIELD_PATTERN, max_length=255)]
TypeName = Annotated[str, StringConstraints(pattern=TYPE_PATTERN, max_length=128)]
LogicalId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]+$", max_length=255)]
Duration = Annotated[str, StringConstraints(pattern=DURATION_PATTERN)]
AccountId = Annotated[
    str,
    BeforeValidator(_account, json_schema_input_type=str | int),
    StringConstraints(pattern=r"^[0-9]{12}$"),
]
Region = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[a-z]+)+-[0-9]$")]
Names = Annotated[
    tuple[Name, ...],
    BeforeValidator(as_tuple, json_schema_input_type=Name | list[Name]),
    AfterValidator(_distinct),
]
"""One name, or a list of them."""

TypeNotation: TypeAlias = Annotated[
    Any,
    WithJsonSchema({
        "description": "A type: compact notation (`string`, `uuid?`, `[OrderLine]`, `{sku: string}`) or JSON Schema.",
        "anyOf": [{"type": "string"}, {"type": "object"}, {"type": "array", "minItems": 1, "maxItems": 1}],
    }),
]
"""Kept as written; `schema.notation` parses it, where the diagnostics can point inside it."""

MappingNotation: TypeAlias = Annotated[
    Any,
    WithJsonSchema({
        "description": "A mapping: JMESPath, a number or boolean, `{const: ...}`, `{hook: module.function}`, or a map.",
    }),
]
"""Kept as written; `mapping.parse` parses it."""


def matches(pattern: str, value: str) -> bool:
    """Whether the whole of `value` has the form `pattern`."""
    return re.fullmatch(pattern, value) is not None
