"""The types of an expression's parts: each node against the type of the value that it is evaluated on."""

from __future__ import annotations

from typing import Any

from cncb_compiler.diagnostics.mend import did_you_mean
from cncb_compiler.mapping.calls import infer_call
from cncb_compiler.mapping.inference import Inference
from cncb_compiler.mapping.nodes import (
    And,
    Call,
    Chain,
    Comparison,
    Current,
    ExpressionReference,
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
    Span,
    ValueProjection,
)
from cncb_compiler.mapping.typed import (
    Typed,
    either,
    is_always_true,
    is_opaque,
    item_of,
    kind,
    list_of,
    options,
    typed_value,
    words,
)
from cncb_compiler.rules.cncb307_bad_argument import RULE as BAD_ARGUMENT
from cncb_compiler.rules.cncb308_never_equal import RULE as NEVER_EQUAL
from cncb_compiler.schema.types import (
    ANYTHING,
    BOOLEAN,
    Anything,
    Enum,
    Field,
    ListOf,
    Record,
)


class ExpressionInference(Inference):
    """The inference of any expression."""

    def of(self, node: Node, current: Typed) -> Typed:
        """What is known of `node` evaluated against `current`."""
        typed: Typed = _INFER[type(node)](self, node, current)
        self.types[node] = typed
        return typed


def _current(_inference: Inference, _node: Current, current: Typed) -> Typed:
    return current


def _field_access(inference: Inference, node: FieldAccess, current: Typed) -> Typed:
    return inference.field(current, node.name, node.span)


def _chain(inference: Inference, node: Chain, current: Typed) -> Typed:
    left = inference.of(node.left, current)
    if isinstance(node.left, Not):
        mend = "`!` takes only the name that follows it; write `!(...)` around the whole path."
        return inference.fail(
            BAD_ARGUMENT, node.span, "A path goes on after `!`, where there is only true or false.", mend
        )
    if isinstance(node.right, FieldAccess):
        # The mark covers the path up to the wrong segment.
        typed = inference.field(left, node.right.name, node.span)
        inference.types[node.right] = typed
        return typed
    return inference.of(node.right, left)


def _index(inference: Inference, node: Index, current: Typed) -> Typed:
    item = inference.item(current, node.span, "What the index is taken of")
    if item is None:
        return Typed(ANYTHING, False, ())
    opaque = isinstance(item.type, Anything)
    return Typed(item.type, not opaque or current.optional or item.optional, item.sources, item.parts)


def _slice(inference: Inference, node: Slice, current: Typed) -> Typed:
    if node.step == 0:
        return inference.fail(BAD_ARGUMENT, node.span, "The step of a slice cannot be 0.")
    item = inference.item(current, node.span, "What the slice is taken of")
    if item is None:
        return Typed(ANYTHING, False, ())
    return inference.built(list_of(item, optional=False), current, "array")


def _flatten(inference: Inference, node: Flatten, current: Typed) -> Typed:
    left = inference.of(node.left, current)
    item = inference.item(left, node.span, "What is flattened")
    if item is None:
        return Typed(ANYTHING, False, ())
    inner: list[Typed] = []
    for option in options(item.type, inference.table):
        one = Typed(option, item.optional, item.sources, item.parts)
        inner.append(item_of(one, option.item) if isinstance(option, ListOf) else one)
    result = inner[0] if inner else item
    for other in inner[1:]:
        result = either(result, other, optional=result.optional or other.optional)
    return inference.built(list_of(result, optional=False), left, "array")


def _projection(inference: Inference, node: Projection, current: Typed) -> Typed:
    left = inference.of(node.left, current)
    item = inference.item(left, node.left.span, "What is projected")
    if item is None:
        return Typed(ANYTHING, False, ())
    if node.condition is not None:
        condition = inference.of(node.condition, item)
        inference.reads.update(dict.fromkeys(condition.sources))
    return _projected(inference, node.right, item, left, "array")


def _projected(inference: Inference, right: Node, item: Typed, owner: Typed, wanted: str) -> Typed:
    inference.projections += 1
    each = inference.of(right, item)
    inference.projections -= 1
    # A projection leaves nulls out.
    items = list_of(Typed(each.type, False, each.sources, each.parts), optional=False)
    return inference.built(items, owner, wanted)


def _value_projection(inference: Inference, node: ValueProjection, current: Typed) -> Typed:
    left = inference.of(node.left, current)
    found = inference.values(left)
    if found is None:
        return inference.fail(
            BAD_ARGUMENT,
            node.left.span,
            f"`*` is taken of {words(left.type, inference.table)}, not of an object.",
        )
    return _projected(inference, node.right, found, left, "object")


def _comparison(inference: Inference, node: Comparison, current: Typed) -> Typed:
    left = inference.of(node.left, current)
    right = inference.of(node.right, current)
    sources = tuple(dict.fromkeys((*left.sources, *right.sources)))
    if node.operator in ("==", "!="):
        _check_equal(inference, node, left, right)
        return Typed(BOOLEAN, False, sources)
    lefts = {kind(option) for option in options(left.type, inference.table)}
    rights = {kind(option) for option in options(right.type, inference.table)}
    together = lefts | rights
    if "any" not in together and together != {"number"} and together != {"string"}:
        shown = f"{words(left.type, inference.table)} and {words(right.type, inference.table)}"
        return inference.fail(
            BAD_ARGUMENT, node.span, f"`{node.operator}` compares two numbers or two strings, not {shown}."
        )
    return Typed(ANYTHING if "any" in together else BOOLEAN, left.optional or right.optional, sources)


def _check_equal(inference: Inference, node: Comparison, left: Typed, right: Typed) -> None:
    lefts, rights = options(left.type, inference.table), options(right.type, inference.table)
    if not lefts or not rights or (left.optional and right.optional):
        return
    kinds = {kind(option) for option in lefts} & {kind(option) for option in rights}
    if any(kind(option) == "any" for option in (*lefts, *rights)):
        return
    if not kinds:
        shown = f"{words(left.type, inference.table)} with {words(right.type, inference.table)}"
        inference.fail(NEVER_EQUAL, node.span, f"`{node.operator}` compares {shown}: they are never equal.")
        return
    if len(lefts) == len(rights) == 1 and isinstance(lefts[0], Enum) and isinstance(rights[0], Enum):
        _check_values(inference, node.span, lefts[0], rights[0])


def _check_values(inference: Inference, span: Span, left: Enum, right: Enum) -> None:
    if not set(left.values).isdisjoint(right.values):
        return
    value, known = (right, left) if len(right.values) == 1 else (left, right)
    near = did_you_mean(value.values[0], known.values, inference.place(span))
    listed = "The values are " + ", ".join(f"`{one}`" for one in known.values) + "."
    message = f"`{value.values[0]}` is not one of the values it is compared with."
    inference.fail(NEVER_EQUAL, span, message, near or listed)


def _or(inference: Inference, node: Or, current: Typed) -> Typed:
    left = inference.of(node.left, current)
    right = inference.of(node.right, current)
    if not left.optional and is_always_true(left.type, inference.table):
        return left
    return either(left, right, optional=right.optional)


def _and(inference: Inference, node: And, current: Typed) -> Typed:
    left = inference.of(node.left, current)
    right = inference.of(node.right, current)
    if is_always_true(left.type, inference.table):
        inference.reads.update(dict.fromkeys(left.sources))
        return Typed(right.type, left.optional or right.optional, right.sources, right.parts)
    return either(left, right, optional=left.optional or right.optional)


def _not(inference: Inference, node: Not, current: Typed) -> Typed:
    return Typed(BOOLEAN, False, inference.of(node.operand, current).sources)


def _literal(_inference: Inference, node: Literal, _current: Typed) -> Typed:
    return typed_value(node.value)


def _multi_list(inference: Inference, node: MultiList, current: Typed) -> Typed:
    items = [inference.of(item, current) for item in node.items]
    result = items[0]
    for item in items[1:]:
        result = either(result, item, optional=result.optional or item.optional)
    return _unless_null(inference, list_of(result, optional=False), current)


def _unless_null(inference: Inference, built: Typed, current: Typed) -> Typed:
    """What a multi-select builds, null where the current value is null."""
    type_ = ANYTHING if is_opaque(current.type, inference.table) else built.type
    return Typed(type_, current.optional, built.sources, built.parts)


def _multi_hash(inference: Inference, node: MultiHash, current: Typed) -> Typed:
    parts = {name: inference.of(value, current) for name, value in node.pairs}
    fields = {name: Field(part.type, part.optional) for name, part in parts.items()}
    sources = tuple(dict.fromkeys(source for part in parts.values() for source in part.sources))
    return _unless_null(inference, Typed(Record(fields), False, sources, parts), current)


def _reference(inference: Inference, node: ExpressionReference, _current: Typed) -> Typed:
    return inference.fail(
        BAD_ARGUMENT, node.span, "`&` is only for the functions that take an expression, such as `sort_by`."
    )


_INFER: dict[type, Any] = {
    Current: _current,
    FieldAccess: _field_access,
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
    MultiList: _multi_list,
    MultiHash: _multi_hash,
    Call: infer_call,
    ExpressionReference: _reference,
}
