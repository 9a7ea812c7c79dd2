"""The functions of expressions: JMESPath's own, as its specification types them, and a few that events need.

JMESPath's functions fail on null, so an argument that may be absent is refused. The further ones, of time and
text, give null for null.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from msgspec import Struct

from cncb_compiler.mapping.inference import Inference
from cncb_compiler.mapping.typed import NULL, Typed, either, is_opaque, item_of, kind, list_of, options
from cncb_compiler.schema.types import (
    ANYTHING,
    BOOLEAN,
    INTEGER,
    NUMBER,
    STRING,
    TIMESTAMP,
    UUID,
    Enum,
    Field,
    ListOf,
    MapOf,
    Record,
    Scalar,
    Type,
)
from cncb_compiler.schema.union import union

Arguments: TypeAlias = list[Typed]
Result: TypeAlias = Callable[[Inference, Arguments], Typed]


class Function(Struct, frozen=True):
    """A function: the kinds of its parameters, and what it gives.

    `variadic`: the last parameter may be repeated. `passes_null`: null in, null out. `orders`: its `&`
    expression gives numbers or strings.
    """

    parameters: tuple[str, ...]
    result: Result
    variadic: bool = False
    passes_null: bool = False
    orders: bool = False


def _sources(arguments: Arguments) -> tuple[str, ...]:
    return tuple(dict.fromkeys(source for argument in arguments for source in argument.sources))


def _gives(type_: Type, *, optional: bool = False) -> Result:
    return lambda _inference, arguments: Typed(type_, optional, _sources(arguments))


def _first(_inference: Inference, arguments: Arguments) -> Typed:
    return arguments[0]


def _reverse(inference: Inference, arguments: Arguments) -> Typed:
    value = arguments[0]
    if any(isinstance(option, ListOf) for option in options(value.type, inference.table)):
        return value
    return Typed(STRING if not is_opaque(value.type, inference.table) else ANYTHING, False, value.sources)


def _item(inference: Inference, arguments: Arguments) -> Typed:
    found = [
        item_of(arguments[0], option.item)
        if isinstance(option, ListOf)
        else Typed(ANYTHING, False, arguments[0].sources)
        for option in options(arguments[0].type, inference.table)
    ]
    result = found[0] if found else NULL
    for other in found[1:]:
        result = either(result, other, optional=False)
    # An empty list has no such item.
    return Typed(result.type, True, result.sources, result.parts)


def _numeric(inference: Inference, arguments: Arguments) -> Typed:
    integers = all(
        isinstance(option, Scalar) and option.base == "integer"
        for option in options(arguments[0].type, inference.table)
    )
    return Typed(INTEGER if integers else NUMBER, False, arguments[0].sources)


def _sum(inference: Inference, arguments: Arguments) -> Typed:
    item = _item(inference, arguments)
    return _numeric(inference, [item])


def _keys(_inference: Inference, arguments: Arguments) -> Typed:
    return Typed(ListOf(STRING), False, arguments[0].sources)


def _values(inference: Inference, arguments: Arguments) -> Typed:
    found = inference.values(arguments[0]) or NULL
    return list_of(found, optional=False)


def _map(_inference: Inference, arguments: Arguments) -> Typed:
    return list_of(arguments[0], optional=False)


def _merge(inference: Inference, arguments: Arguments) -> Typed:
    fields: dict[str, Field] = {}
    parts: dict[str, Typed] = {}
    for argument in arguments:
        found = options(argument.type, inference.table)
        if not all(isinstance(option, Record) and not option.open for option in found):
            maps = [option.value for option in found if isinstance(option, MapOf)]
            whole = len(found) == len(maps) and len(arguments) == 1
            return Typed(MapOf(union(maps)) if whole else ANYTHING, False, _sources(arguments))
        for option in found:
            assert isinstance(option, Record)
            for name in option.fields:
                one = inference.field(argument, name, (0, 0))
                known = parts.get(name)
                parts[name] = one if known is None or not one.optional else either(known, one, optional=known.optional)
                fields[name] = Field(parts[name].type, parts[name].optional)
    return Typed(Record(fields), False, _sources(arguments), parts)


def _not_null(_inference: Inference, arguments: Arguments) -> Typed:
    result = arguments[0]
    for argument in arguments[1:]:
        if not result.optional:
            break
        result = either(result, argument, optional=argument.optional)
    return result


def _to_array(inference: Inference, arguments: Arguments) -> Typed:
    value = arguments[0]
    found = options(value.type, inference.table)
    lists = [option for option in found if isinstance(option, ListOf)]
    if lists and len(lists) == len(found) and not value.optional:
        return value
    if lists or is_opaque(value.type, inference.table):
        return Typed(ListOf(ANYTHING), False, value.sources)
    return list_of(value, optional=False)


def _to_number(inference: Inference, arguments: Arguments) -> Typed:
    value = arguments[0]
    kinds = {kind(option) for option in options(value.type, inference.table)}
    if kinds == {"number"}:
        return value
    # Of an untyped value nothing is checked, not even that it reads as a number.
    return Typed(ANYTHING, False, value.sources) if "any" in kinds else Typed(NUMBER, True, value.sources)


_TEXT = _gives(STRING)
_DATE_TIME = _gives(Scalar("string", "date-time"))
_JSON_TYPES = Enum(("string", "number", "boolean", "array", "object", "null"))

FUNCTIONS: dict[str, Function] = {
    "abs": Function(("number",), _numeric),
    "avg": Function(("numbers",), _gives(NUMBER, optional=True)),
    "ceil": Function(("number",), _gives(INTEGER)),
    "contains": Function(("sequence", "any"), _gives(BOOLEAN)),
    "ends_with": Function(("string", "string"), _gives(BOOLEAN)),
    "floor": Function(("number",), _gives(INTEGER)),
    "join": Function(("string", "strings"), _TEXT),
    "keys": Function(("object",), _keys),
    "length": Function(("sized",), _gives(INTEGER)),
    "map": Function(("expression", "array"), _map),
    "max": Function(("ordered",), _item),
    "max_by": Function(("array", "expression"), _item, orders=True),
    "merge": Function(("object",), _merge, variadic=True),
    "min": Function(("ordered",), _item),
    "min_by": Function(("array", "expression"), _item, orders=True),
    "not_null": Function(("any",), _not_null, variadic=True),
    "reverse": Function(("sequence",), _reverse),
    "sort": Function(("ordered",), _first),
    "sort_by": Function(("array", "expression"), _first, orders=True),
    "starts_with": Function(("string", "string"), _gives(BOOLEAN)),
    "sum": Function(("numbers",), _sum),
    "to_array": Function(("any",), _to_array),
    "to_number": Function(("any",), _to_number),
    "to_string": Function(("any",), _TEXT),
    "type": Function(("any",), _gives(_JSON_TYPES)),
    "values": Function(("object",), _values),
    "uuid": Function((), _gives(UUID)),
    "now": Function((), _gives(TIMESTAMP)),
    "iso": Function(("integer",), _DATE_TIME, passes_null=True),
    "year": Function(("integer",), _TEXT, passes_null=True),
    "month": Function(("integer",), _TEXT, passes_null=True),
    "day": Function(("integer",), _TEXT, passes_null=True),
    "hour": Function(("integer",), _TEXT, passes_null=True),
    "lower": Function(("string",), _TEXT, passes_null=True),
    "upper": Function(("string",), _TEXT, passes_null=True),
}
"""Every function by its name."""
