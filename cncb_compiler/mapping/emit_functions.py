"""Calls of functions written as Python."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from cncb_compiler.mapping.emitter import ATOM, COMPARE, OR, Emitter, Value
from cncb_compiler.mapping.layout import Block, Code, call, join, text
from cncb_compiler.mapping.nodes import Call, ExpressionReference

Emission: TypeAlias = Callable[[Emitter, Call, Value], tuple[Code, int] | Code]


def emit_call(emitter: Emitter, node: Call, current: Value) -> Value:
    """The code of a call evaluated against `current`."""
    typed = emitter.inference.types[node]
    emission = _CALLS.get(node.name)
    if emission is None:
        arguments = [_argument(emitter, node, index, current) for index in range(len(node.arguments))]
        return Value(emitter.helper(_HELPERS.get(node.name, node.name), *arguments), typed)
    made = emission(emitter, node, current)
    code, level = made if isinstance(made, tuple) else (made, ATOM)
    return Value(code, typed, level)


def _value(emitter: Emitter, node: Call, index: int, current: Value) -> Value:
    return emitter.emit(node.arguments[index], current)


def _argument(emitter: Emitter, node: Call, index: int, current: Value, level: int = 0) -> Code:
    return emitter.code(_value(emitter, node, index, current), level)


def _builtin(name: str, *more: str) -> Emission:
    return lambda emitter, node, current: call(name, _argument(emitter, node, 0, current), *more)


def _method(name: str) -> Emission:
    def emission(emitter: Emitter, node: Call, current: Value) -> Code:
        owner = _argument(emitter, node, 0, current, ATOM)
        return join(owner, f".{name}(", _argument(emitter, node, 1, current), ")")

    return emission


def _by(name: str, *more: str) -> Emission:
    def emission(emitter: Emitter, node: Call, current: Value) -> Code:
        array, reference = _value(emitter, node, 0, current), node.arguments[1]
        assert isinstance(reference, ExpressionReference)
        body = reference.body

        def made(variable: str) -> Code:
            key = emitter.emit(body, Value(variable, emitter.item(array.typed)))
            return call(name, emitter.code(array), join(f"key=lambda {variable}: ", emitter.code(key)), *more)

        return emitter.variable(array, made)

    return emission


def _map(emitter: Emitter, node: Call, current: Value) -> Code:
    reference, array = node.arguments[0], _value(emitter, node, 1, current)
    assert isinstance(reference, ExpressionReference)
    body = reference.body

    def made(variable: str) -> Code:
        each = emitter.emit(body, Value(variable, emitter.item(array.typed)))
        clauses = (emitter.code(each), join(f"for {variable} in ", emitter.code(array, OR)))
        return Block("[", clauses, "]", comma=False)

    return emitter.variable(array, made)


def _contains(emitter: Emitter, node: Call, current: Value) -> tuple[Code, int]:
    found = _argument(emitter, node, 1, current, ATOM)
    return join(found, " in ", _argument(emitter, node, 0, current, ATOM)), COMPARE


def _join(emitter: Emitter, node: Call, current: Value) -> Code:
    separator = _argument(emitter, node, 0, current, ATOM)
    return join(separator, ".join(", _argument(emitter, node, 1, current), ")")


def _merge(emitter: Emitter, node: Call, current: Value) -> Code:
    parts = [join("**", _argument(emitter, node, index, current, OR)) for index in range(len(node.arguments))]
    return Block("{", tuple(parts), "}")


def _listed(name: str) -> Emission:
    return lambda emitter, node, current: call("list", join(_argument(emitter, node, 0, current, ATOM), f".{name}()"))


def _reverse(emitter: Emitter, node: Call, current: Value) -> Code:
    return join(_argument(emitter, node, 0, current, ATOM), "[::-1]")


def _same_if(kinds: set[str], helper: str) -> Emission:
    """The argument as it is where it is surely of these kinds already."""

    def emission(emitter: Emitter, node: Call, current: Value) -> tuple[Code, int] | Code:
        value = _value(emitter, node, 0, current)
        if emitter.kinds(value.typed) <= kinds and not emitter.nullable(value.typed):
            return emitter.code(value), value.level
        return emitter.helper(helper, emitter.code(value))

    return emission


def _to_array(emitter: Emitter, node: Call, current: Value) -> Code:
    value = _value(emitter, node, 0, current)
    kinds = emitter.kinds(value.typed)
    if kinds == {"array"} and not value.typed.optional:
        return emitter.code(value, ATOM)
    if not kinds & {"array", "any"}:
        return Block("[", (emitter.code(value),), "]")
    return emitter.helper("to_array", emitter.code(value))


def _case(name: str) -> Emission:
    def emission(emitter: Emitter, node: Call, current: Value) -> Code:
        value = _value(emitter, node, 0, current)
        if emitter.nullable(value.typed):
            return emitter.helper(name, emitter.code(value))
        return join(emitter.code(value, ATOM), f".{name}()")

    return emission


def _uuid(emitter: Emitter, _node: Call, _current: Value) -> Code:
    if emitter.scope.seed is None:
        return emitter.helper("uuid4")
    emitter.ids += 1
    # Two ids in one field differ by their number.
    path = emitter.target_path if emitter.ids == 1 else f"{emitter.target_path}#{emitter.ids}"
    return emitter.helper("uuid5", emitter.scope.seed, text(path))


_HELPERS = {"type": "type_name"}
"""Functions whose helper has another name; the others of the table below have their own."""

_CALLS: dict[str, Emission] = {
    "abs": _builtin("abs"),
    "contains": _contains,
    "ends_with": _method("endswith"),
    "join": _join,
    "keys": _listed("keys"),
    "length": _builtin("len"),
    "lower": _case("lower"),
    "map": _map,
    "max": _builtin("max", "default=None"),
    "max_by": _by("max", "default=None"),
    "merge": _merge,
    "min": _builtin("min", "default=None"),
    "min_by": _by("min", "default=None"),
    "reverse": _reverse,
    "sort": _builtin("sorted"),
    "sort_by": _by("sorted"),
    "starts_with": _method("startswith"),
    "sum": _builtin("sum"),
    "to_array": _to_array,
    "to_number": _same_if({"number"}, "to_number"),
    "to_string": _same_if({"string"}, "to_string"),
    "upper": _case("upper"),
    "uuid": _uuid,
    "values": _listed("values"),
}
"""What is not simply a call of the helper of the same name."""
