"""The functions of expressions: JMESPath's own, as its specification types them, and a few that events need.

JMESPath's functions fail on null, so an argument that may be absent is refused. The further ones, of time and
text, give null for null.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, TypeAlias

from cncb_compiler.mapping.nodes import Call, Current, ExpressionReference, Node
from cncb_compiler.mapping.typed import NULL, Typed, either, is_opaque, item_of, kind, list_of, options, words
from cncb_compiler.rules.cncb306_unknown_function import RULE as UNKNOWN_FUNCTION
from cncb_compiler.rules.cncb307_bad_argument import RULE as BAD_ARGUMENT
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

if TYPE_CHECKING:
    from cncb_compiler.mapping.infer import Inference

Arguments: TypeAlias = list[Typed]
Result: TypeAlias = "Callable[[Inference, Arguments], Typed]"

PHRASES = {
    "number": "a number",
    "string": "a string",
    "array": "a list",
    "object": "an object",
    "numbers": "a list of numbers",
    "strings": "a list of strings",
    "ordered": "a list of numbers or a list of strings",
    "sized": "a string, a list or an object",
    "sequence": "a string or a list",
    "integer": "an integer, in milliseconds since the epoch",
}
"""Kinds of parameters in the words of a message. Besides: `any`, and `expression` for `&...`."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function: the kinds of its parameters, and what it gives.

    `variadic`: the last parameter may be repeated. `passes_null`: null in, null out. `orders`: its `&`
    expression gives numbers or strings.
    """

    parameters: tuple[str, ...]
    result: Result
    variadic: bool = False
    passes_null: bool = False
    orders: bool = False


def infer_call(inference: Inference, node: Call, current: Typed) -> Typed:
    """What is known of a call's value; reports an unknown function, a wrong number or a wrong type of
    arguments.
    """
    function = FUNCTIONS.get(node.name)
    if function is None:
        near = get_close_matches(node.name, FUNCTIONS, n=1)
        mend = (
            f"Did you mean `{near[0]}`?"
            if near
            else "Write what it should do as a hook: `{hook: module.function}`."
        )
        return inference.fail(UNKNOWN_FUNCTION, node.name_span, f"`{node.name}` is not a function.", mend)
    expected, given = len(function.parameters), len(node.arguments)
    if given != expected and not (function.variadic and given > expected):
        least = "at least " if function.variadic else ""
        noun = "argument" if expected == 1 else "arguments"
        return inference.fail(
            BAD_ARGUMENT, node.span, f"`{node.name}` takes {least}{expected} {noun}, not {given}."
        )
    if node.name == "uuid" and inference.projections:
        return inference.fail(
            BAD_ARGUMENT,
            node.span,
            "`uuid()` is the same for each item of a list, so that a retry gives the same ids.",
            "Make the ids in a hook, or take a field that tells the items apart.",
        )
    said = len(inference.diagnostics)
    arguments = _arguments(inference, node, function, current)
    if node.name == "contains":
        _check_contains(inference, node, arguments)
    if len(inference.diagnostics) > said:
        return Typed(ANYTHING, False, ())
    result = function.result(inference, arguments)
    if function.passes_null:
        result = Typed(result.type, any(argument.optional for argument in arguments), result.sources)
    return result


def _arguments(inference: Inference, node: Call, function: Function, current: Typed) -> Arguments:
    kinds = [*function.parameters, *[function.parameters[-1]] * (len(node.arguments) - len(function.parameters))] if (
        function.parameters
    ) else []  # fmt: skip
    typed: dict[int, Typed] = {}
    for index, (argument, wanted) in enumerate(zip(node.arguments, kinds, strict=True)):
        if wanted == "expression":
            continue
        typed[index] = inference.of(argument, current)
        _check(inference, node, argument, typed[index], wanted, passes_null=function.passes_null)
    for index, (argument, wanted) in enumerate(zip(node.arguments, kinds, strict=True)):
        if wanted == "expression":
            array = typed[1 - index]
            typed[index] = _each(inference, node, argument, array, function)
    return [typed[index] for index in range(len(kinds))]


def _each(inference: Inference, node: Call, argument: Node, array: Typed, function: Function) -> Typed:
    """What is known of `&expression`, evaluated on each item of `array`."""
    if not isinstance(argument, ExpressionReference):
        return inference.fail(
            BAD_ARGUMENT, argument.span, f"`{node.name}` takes an expression, written `&field`."
        )
    item = inference.item(array, argument.span, f"What `{node.name}` goes through")
    if item is None:
        return NULL
    inference.projections += 1
    each = inference.of(argument.body, item)
    inference.projections -= 1
    inference.types[argument] = each
    if function.orders:
        if each.optional:
            message = f"`{node.name}` orders by a value that may be absent."
            inference.fail(BAD_ARGUMENT, argument.span, message, "Give it an alternative: `&(field || 'z')`.")
        together = {kind(option) for option in options(each.type, inference.table)}
        if together not in ({"number"}, {"string"}) and "any" not in together:
            shown = words(each.type, inference.table)
            inference.fail(
                BAD_ARGUMENT, argument.span, f"`{node.name}` orders by a number or a string, not by {shown}."
            )
        inference.reads.update(dict.fromkeys(each.sources))
    return each


def _check(
    inference: Inference, node: Call, argument: Node, typed: Typed, wanted: str, *, passes_null: bool
) -> None:
    if isinstance(argument, ExpressionReference) or wanted == "any":
        return
    span = node.span if isinstance(argument, Current) else argument.span
    if typed.optional and not passes_null:
        empty = {
            "array": "`[]`",
            "numbers": "`[]`",
            "strings": "`[]`",
            "ordered": "`[]`",
            "number": "`0`",
            "object": "`{}`",
        }
        mend = f"Give it an alternative: `... || {empty.get(wanted, chr(39) * 2)}`."
        inference.fail(BAD_ARGUMENT, span, f"`{node.name}` fails on a value that may be absent.", mend)
    elif not all(
        _accepts(inference, option, wanted, typed) for option in options(typed.type, inference.table)
    ):
        shown = words(typed.type, inference.table)
        inference.fail(BAD_ARGUMENT, span, f"`{node.name}` takes {PHRASES[wanted]}, not {shown}.")


def _accepts(inference: Inference, option: Type, wanted: str, typed: Typed) -> bool:
    given = kind(option)
    if given == "any" or given == wanted:
        return True
    if wanted == "integer":
        return isinstance(option, Scalar) and option.base in ("integer", "number")
    if wanted == "sized":
        return given in ("string", "array", "object")
    if wanted == "sequence":
        return given in ("string", "array")
    if given != "array" or wanted not in ("numbers", "strings", "ordered"):
        return False
    assert isinstance(option, ListOf)
    item = item_of(typed, option.item)
    inner = {kind(one) for one in options(item.type, inference.table)} - {"any"}
    allowed: tuple[set[str], ...] = {
        "numbers": (set(), {"number"}),
        "strings": (set(), {"string"}),
        "ordered": (set(), {"number"}, {"string"}),
    }[wanted]
    return inner in allowed and not item.optional


def _check_contains(inference: Inference, node: Call, arguments: Arguments) -> None:
    """A text contains only texts; a list may be asked for anything."""
    subject = {kind(option) for option in options(arguments[0].type, inference.table)}
    wanted = {kind(option) for option in options(arguments[1].type, inference.table)}
    if "string" in subject and (arguments[1].optional or not wanted <= {"string", "any"}):
        shown = "a value that may be absent" if arguments[1].optional else words(arguments[1].type, inference.table)
        inference.fail(BAD_ARGUMENT, node.arguments[1].span, f"`contains` looks for a string in a string, not for {shown}.")


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
    from cncb_compiler.mapping.infer import values_of

    found = values_of(arguments[0], inference.table) or NULL
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
                parts[name] = (
                    one if known is None or not one.optional else either(known, one, optional=known.optional)
                )
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
