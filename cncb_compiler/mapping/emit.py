"""A checked expression written as Python: plain where its types allow, with a helper of `values` where not."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from cncb_compiler.mapping.emit_functions import emit_call
from cncb_compiler.mapping.emitter import AND, ATOM, CHOICE, COMPARE, NOT, OR, Emitter, Value
from cncb_compiler.mapping.layout import Block, Code, bracketed, call, join, literal, text
from cncb_compiler.mapping.nodes import (
    And,
    Call,
    Chain,
    Comparison,
    Current,
    FieldAccess,
    Flatten,
    Index,
    Literal,
    MultiHash,
    MultiList,
    Node,
    Not,
    Or,
    Projection,
    Slice,
    ValueProjection,
)
from cncb_compiler.mapping.typed import NULL, Typed, is_always_true, options
from cncb_compiler.schema.types import Record

_NUMBER_OR_BOOLEAN = {"number", "boolean"}
_FLIPPED = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}


class ExpressionEmitter(Emitter):
    """Writes any expression."""

    def emit(self, node: Node, current: Value) -> Value:
        """The code of `node` evaluated against `current`."""
        value: Value = _EMIT[type(node)](self, node, current)
        return value


def _current(_emitter: Emitter, _node: Current, current: Value) -> Value:
    return current


def _field(emitter: Emitter, node: FieldAccess, current: Value) -> Value:
    typed = emitter.inference.types[node]
    owner = current.typed
    if current.loose:
        return replace(current, typed=typed, loose=(*current.loose, node.name))
    if not emitter.is_object(owner):
        return replace(current, typed=typed, loose=(node.name,), safe=False)
    for option in options(owner.type, emitter.table):
        if not isinstance(option, Record) or node.name not in option.fields or option.fields[node.name].optional:
            return replace(current, typed=typed, loose=(node.name,), safe=True)
    return replace(current, typed=typed, fixed=(*current.fixed, node.name))


def _chain(emitter: Emitter, node: Chain, current: Value) -> Value:
    left = emitter.emit(node.left, current)
    if isinstance(node.right, (MultiHash, MultiList)) or _is_name(left) or _uses(node.right) <= 1:
        return emitter.emit(node.right, left)

    def made(name: str) -> Value:
        body = emitter.emit(node.right, Value(name, left.typed))
        code = emitter.helper("pipe", emitter.code(left), join(f"lambda {name}: ", emitter.code(body)))
        return Value(code, body.typed)

    return emitter.variable(left, made)


def _is_name(value: Value) -> bool:
    return isinstance(value.code, str) and value.code.isidentifier() and not value.loose


def _uses(node: Node) -> int:
    """How often the current value is written in the code of `node`."""
    match node:
        case Current() | FieldAccess() | Index() | Slice():
            return 1
        case Chain() | Flatten() | Projection() | ValueProjection():
            return _uses(node.left)
        case Comparison() | Or() | And():
            return _uses(node.left) + _uses(node.right)
        case Not():
            return _uses(node.operand)
        case MultiList():
            return sum(_uses(item) for item in node.items)
        case MultiHash():
            return sum(_uses(value) for _, value in node.pairs)
        case Call():
            return sum(_uses(argument) for argument in node.arguments)
        case _:
            return 0


def _index(emitter: Emitter, node: Index, current: Value) -> Value:
    return Value(emitter.helper("item", emitter.code(current), str(node.index)), emitter.inference.types[node])


def _slice(emitter: Emitter, node: Slice, current: Value) -> Value:
    typed = emitter.inference.types[node]
    bounds = (node.start, node.stop, node.step)
    if not emitter.is_list(current.typed):
        return Value(emitter.helper("cut", emitter.code(current), *[repr(bound) for bound in bounds]), typed)
    start, stop, step = ["" if bound is None else str(bound) for bound in bounds]
    return Value(join(emitter.code(current, ATOM), f"[{start}:{stop}{':' + step if step else ''}]"), typed)


def _flatten(emitter: Emitter, node: Flatten, current: Value) -> Value:
    left = emitter.emit(node.left, current)
    inner = emitter.kinds(emitter.item(left.typed))
    if emitter.is_list(left.typed) and not inner & {"array", "any"}:
        return left
    return Value(emitter.helper("flatten", emitter.code(left)), emitter.inference.types[node], fixed=())


def _projection(emitter: Emitter, node: Projection, current: Value) -> Value:
    left = emitter.emit(node.left, current)
    item = emitter.item(left.typed)
    typed = emitter.inference.types[node]
    whole = isinstance(node.right, Current)
    certain = emitter.is_list(left.typed)
    if whole and node.condition is None:
        if certain and not emitter.nullable(item):
            return left if left.typed.parts is None else replace(left, typed=typed)
        return Value(emitter.helper("compact" if certain else "project", emitter.code(left)), typed)
    return _over(emitter, node, left, Value(emitter.code(left), left.typed), item, typed, certain=certain)


def _over(
    emitter: Emitter,
    node: Projection | ValueProjection,
    hint: Value,
    items: Value,
    item: Typed,
    typed: Typed,
    *,
    certain: bool,
) -> Value:
    """A projection over `items`: a comprehension where these are surely a list."""

    def made(name: str) -> Value:
        one = Value(name, item)
        each = emitter.emit(node.right, one)
        condition = None
        if isinstance(node, Projection) and node.condition is not None:
            condition = emitter.emit(node.condition, one)
        if not certain:
            whole = isinstance(node.right, Current)
            parts: list[Code] = [emitter.code(items)]
            if not whole or condition is not None:
                parts.append("None" if whole else join(f"lambda {name}: ", emitter.code(each)))
            if condition is not None:
                # `values.project` asks for JMESPath's truth itself.
                parts.append(join(f"lambda {name}: ", emitter.code(condition)))
            return Value(emitter.helper("project", *parts), typed)
        clauses: list[Code] = [emitter.code(each), join(f"for {name} in ", emitter.code(items, OR))]
        if condition is not None:
            clauses.append(join("if ", _at_level(emitter.truth(condition), OR)))
        code: Code = Block("[", tuple(clauses), "]", comma=False)
        if emitter.nullable(each.typed):
            code = emitter.helper("compact", code)
        return Value(code, typed)

    return emitter.variable(hint, made)


def _at_level(code: tuple[Code, int], level: int) -> Code:
    return code[0] if code[1] >= level else bracketed(code[0])


def _value_projection(emitter: Emitter, node: ValueProjection, current: Value) -> Value:
    left = emitter.emit(node.left, current)
    item = emitter.inference.values(left.typed) or NULL
    typed = emitter.inference.types[node]
    if not emitter.is_object(left.typed):
        items = Value(emitter.helper("values_of", emitter.code(left)), left.typed)
        if isinstance(node.right, Current):
            return Value(emitter.helper("project", emitter.code(items)), typed)
        return _over(emitter, node, left, items, item, typed, certain=False)
    items = Value(join(emitter.code(left, ATOM), ".values()"), left.typed)
    if isinstance(node.right, Current):
        many = emitter.nullable(item)
        return Value(emitter.helper("compact", items.code) if many else call("list", items.code), typed)
    return _over(emitter, node, left, items, item, typed, certain=True)


def _comparison(emitter: Emitter, node: Comparison, current: Value) -> Value:
    typed = emitter.inference.types[node]
    left, right, operator = emitter.emit(node.left, current), emitter.emit(node.right, current), node.operator
    constant: Node = node.right
    if isinstance(node.left, Literal) and not isinstance(node.right, Literal):
        left, right, operator, constant = right, left, _FLIPPED[operator], node.left
    sides = emitter.kinds(left.typed), emitter.kinds(right.typed)
    if operator not in ("==", "!="):
        known = sides[0] == sides[1] and len(sides[0]) == 1 and "any" not in sides[0]
        if known and not left.typed.optional and not right.typed.optional:
            return _infix(emitter, left, operator, right, typed)
        return Value(emitter.helper("compare", emitter.code(left), text(operator), emitter.code(right)), typed)
    if isinstance(constant, Literal) and constant.value is None:
        return Value(join(emitter.code(left, ATOM), " is None" if operator == "==" else " is not None"), typed, COMPARE)
    if isinstance(constant, Literal) and isinstance(constant.value, bool) and sides[0] <= {"boolean"}:
        word = "is" if operator == "==" else "is not"
        return Value(join(emitter.code(left, ATOM), f" {word} {constant.value}"), typed, COMPARE)
    together = sides[0] | sides[1]
    to_boolean = isinstance(constant, Literal) and isinstance(constant.value, bool)
    if to_boolean or "any" in together or together.issuperset(_NUMBER_OR_BOOLEAN):
        same = emitter.helper("equal", emitter.code(left), emitter.code(right))
        return Value(same, typed) if operator == "==" else Value(join("not ", same), typed, NOT)
    return _infix(emitter, left, operator, right, typed)


def _infix(emitter: Emitter, left: Value, operator: str, right: Value, typed: Typed) -> Value:
    return Value(join(emitter.code(left, ATOM), f" {operator} ", emitter.code(right, ATOM)), typed, COMPARE)


def _is_plain(emitter: Emitter, value: Value) -> bool:
    """Whether Python and JMESPath agree on when the value is true."""
    return not emitter.kinds(value.typed) & {"number", "any"}


def _or(emitter: Emitter, node: Or, current: Value) -> Value:
    left = emitter.emit(node.left, current)
    typed = emitter.inference.types[node]
    if not left.typed.optional and is_always_true(left.typed.type, emitter.table):
        return left
    right = emitter.emit(node.right, current)
    if _is_plain(emitter, left):
        return Value(join(emitter.code(left, OR), " or ", emitter.code(right, OR)), typed, OR)
    if emitter.kinds(left.typed) == {"number"} and isinstance(node.right, (Literal, FieldAccess)):
        return Value(emitter.helper("not_null", emitter.code(left), emitter.code(right)), typed)
    return Value(emitter.helper("either", emitter.code(left), join("lambda: ", emitter.code(right))), typed)


def _and(emitter: Emitter, node: And, current: Value) -> Value:
    left, right = emitter.emit(node.left, current), emitter.emit(node.right, current)
    typed = emitter.inference.types[node]
    if _is_plain(emitter, left):
        return Value(join(emitter.code(left, AND), " and ", emitter.code(right, AND)), typed, AND)
    if emitter.kinds(left.typed) == {"number"}:
        if not left.typed.optional:
            return right
        test = join(" if ", emitter.code(left, ATOM), " is not None else None")
        return Value(join(emitter.code(right, OR), test), typed, CHOICE)
    return Value(emitter.helper("both", emitter.code(left), join("lambda: ", emitter.code(right))), typed)


def _not(emitter: Emitter, node: Not, current: Value) -> Value:
    typed = emitter.inference.types[node]
    if isinstance(node.operand, Not):
        code, _ = emitter.truth(emitter.emit(node.operand.operand, current))
        return Value(call("bool", code), typed)
    if isinstance(node.operand, Comparison) and node.operand.operator in ("==", "!="):
        opposite = "!=" if node.operand.operator == "==" else "=="
        turned = replace(node.operand, operator=opposite)
        emitter.inference.types[turned] = typed
        return emitter.emit(turned, current)
    value = emitter.emit(node.operand, current)
    if emitter.kinds(value.typed) == {"number"}:
        return Value(join(emitter.code(value, ATOM), " is None") if value.typed.optional else "False", typed, COMPARE)
    return Value(join("not ", _at_level(emitter.truth(value), NOT)), typed, NOT)


def _literal(emitter: Emitter, node: Literal, _current: Value) -> Value:
    return Value(literal(node.value), emitter.inference.types[node])


def _multi(emitter: Emitter, node: MultiHash | MultiList, current: Value) -> Value:
    typed = emitter.inference.types[node]
    nullable = emitter.nullable(current.typed)
    if not nullable and (_is_name(current) or _uses(node) <= 1):
        return Value(_display(emitter, node, current), typed)

    def made(name: str) -> Code:
        inner = _display(emitter, node, Value(name, replace(current.typed, optional=False)))
        return emitter.helper("apply", emitter.code(current), join(f"lambda {name}: ", inner))

    return Value(emitter.variable(current, made), typed)


def _display(emitter: Emitter, node: MultiHash | MultiList, current: Value) -> Code:
    if isinstance(node, MultiList):
        return Block("[", tuple(emitter.code(emitter.emit(item, current)) for item in node.items), "]")
    pairs = {name: join(f"{text(name)}: ", emitter.code(emitter.emit(value, current))) for name, value in node.pairs}
    return Block("{", tuple(pairs.values()), "}")


_EMIT: dict[type, Any] = {
    Current: _current,
    FieldAccess: _field,
    Chain: _chain,
    Index: _index,
    Slice: _slice,
    Flatten: _flatten,
    Projection: _projection,
    ValueProjection: _value_projection,
    Comparison: _comparison,
    Or: _or,
    And: _and,
    Not: _not,
    Literal: _literal,
    MultiList: _multi,
    MultiHash: _multi,
    Call: emit_call,
}
