"""Calls of functions: the number and types of their arguments, and what is known of their value."""

from __future__ import annotations

from cncb_compiler.diagnostics.mend import did_you_mean
from cncb_compiler.mapping.functions import FUNCTIONS, Arguments, Function
from cncb_compiler.mapping.inference import Inference
from cncb_compiler.mapping.nodes import Call, Current, ExpressionReference, Node
from cncb_compiler.mapping.typed import NULL, Typed, item_of, kind, options, words
from cncb_compiler.rules.cncb306_unknown_function import RULE as UNKNOWN_FUNCTION
from cncb_compiler.rules.cncb307_bad_argument import RULE as BAD_ARGUMENT
from cncb_compiler.schema.types import ANYTHING, ListOf, Scalar, Type

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


def infer_call(inference: Inference, node: Call, current: Typed) -> Typed:
    """What is known of a call's value; reports an unknown function, a wrong number or a wrong type of arguments."""
    function = FUNCTIONS.get(node.name)
    if function is None:
        near = did_you_mean(node.name, FUNCTIONS, inference.place(node.name_span))
        mend = near or "Write what it should do as a hook: `{hook: module.function}`."
        return inference.fail(UNKNOWN_FUNCTION, node.name_span, f"`{node.name}` is not a function.", mend)
    expected, given = len(function.parameters), len(node.arguments)
    if given != expected and not (function.variadic and given > expected):
        least = "at least " if function.variadic else ""
        noun = "argument" if expected == 1 else "arguments"
        return inference.fail(BAD_ARGUMENT, node.span, f"`{node.name}` takes {least}{expected} {noun}, not {given}.")
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
        return inference.fail(BAD_ARGUMENT, argument.span, f"`{node.name}` takes an expression, written `&field`.")
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


def _check(inference: Inference, node: Call, argument: Node, typed: Typed, wanted: str, *, passes_null: bool) -> None:
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
    elif not all(_accepts(inference, option, wanted, typed) for option in options(typed.type, inference.table)):
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
        inference.fail(
            BAD_ARGUMENT, node.arguments[1].span, f"`contains` looks for a string in a string, not for {shown}."
        )
