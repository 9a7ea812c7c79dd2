"""The types of an expression's parts: each node against the type of the value that it is evaluated on."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Related
from cncb_compiler.diagnostics.rule import Rule
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
from cncb_compiler.mapping.scope import Scope
from cncb_compiler.mapping.typed import (
    ITEM,
    NULL,
    Typed,
    below,
    either,
    is_always_true,
    is_opaque,
    item_of,
    kind,
    list_of,
    options,
    words,
)
from cncb_compiler.rules.cncb304_unknown_field import RULE as UNKNOWN_FIELD
from cncb_compiler.rules.cncb307_bad_argument import RULE as BAD_ARGUMENT
from cncb_compiler.rules.cncb308_never_equal import RULE as NEVER_EQUAL
from cncb_compiler.schema.types import (
    ANYTHING,
    BOOLEAN,
    Anything,
    Enum,
    Field,
    ListOf,
    MapOf,
    OneOf,
    Record,
    Ref,
    Type,
    TypeTable,
)
from cncb_compiler.schema.union import union
from cncb_compiler.schema.value import type_of
from cncb_compiler.source.location import Location


class Inference:
    """The inference of one expression standing at `at`. Collects diagnostics, and `types`: what is known of each node.

    `reads` are paths that decide something (a filter's condition) without being part of the value. `offset`
    is where the expression starts in the scalar at `at`.
    """

    def __init__(
        self, scope: Scope, table: TypeTable, at: Location, related: tuple[Related, ...] = (), offset: int = 0
    ) -> None:
        self.scope = scope
        self.table = table
        self.at = at
        self.related = related
        self.offset = offset
        self.diagnostics: list[Diagnostic] = []
        self.types: dict[Node, Typed] = {}
        self.reads: dict[str, None] = {}
        self.projections = 0

    def infer(self, node: Node) -> Typed:
        """What is known of the whole expression's value."""
        return self.of(node, Typed(self.scope.root, False, ("",)))

    def of(self, node: Node, current: Typed) -> Typed:
        """What is known of `node` evaluated against `current`."""
        typed: Typed = _INFER[type(node)](self, node, current)
        self.types[node] = typed
        return typed

    def fail(
        self, rule: Rule, span: Span, message: str, mend: str | None = None, *, related: bool = False
    ) -> Typed:
        """Report; the value is taken for anything, so that nothing more is said about it."""
        place = self.at.chars(span[0] + self.offset, span[1] + self.offset)
        self.diagnostics.append(rule(place, message, mend=mend, related=self.related if related else ()))
        return Typed(ANYTHING, False, ())

    def item(self, value: Typed, span: Span, what: str) -> Typed | None:
        """What is known of the items of a list; None, and a diagnostic, where it is none."""
        item: Typed | None = None
        for option in options(value.type, self.table):
            if isinstance(option, ListOf):
                one = item_of(value, option.item)
            elif isinstance(option, Anything):
                one = Typed(ANYTHING, False, below(value.sources, ITEM))
            else:
                continue
            item = one if item is None else either(item, one, optional=item.optional or one.optional)
        if item is None:
            if value.type == NULL.type:
                return NULL
            self.fail(BAD_ARGUMENT, span, f"{what} is {words(value.type, self.table)}, not a list.")
        return item

    def built(self, value: Typed, owner: Typed, wanted: str) -> Typed:
        """`value`, which is built of `owner` where that is of kind `wanted`, and null where it is not."""
        kinds = {kind(option) for option in options(owner.type, self.table)}
        if "any" in kinds:
            # Nothing is checked of what comes out of an untyped value, so it is one itself.
            return Typed(ANYTHING, owner.optional, value.sources, value.parts)
        return Typed(value.type, owner.optional or kinds != {wanted}, value.sources, value.parts)

    def field(self, current: Typed, name: str, span: Span) -> Typed:
        """What is known of the field `name` of `current`; `span` is the path up to and with it."""
        type_ = current.type
        if isinstance(type_, Ref):
            type_ = self.table.resolve(type_)
        if isinstance(type_, Record):
            field = type_.fields.get(name)
            if field is not None:
                if current.parts is not None and name in current.parts:
                    part = current.parts[name]
                    return part if not current.optional else Typed(part.type, True, part.sources, part.parts)
                return Typed(field.type, field.optional or current.optional, below(current.sources, name))
            if type_.open:
                return Typed(ANYTHING, current.optional, below(current.sources, name))
            return self._unknown_field(current, type_, name, span)
        if isinstance(type_, Anything):
            return Typed(ANYTHING, current.optional, below(current.sources, name))
        if isinstance(type_, MapOf):
            return Typed(type_.value, True, below(current.sources, name))
        if isinstance(type_, OneOf):
            return self._field_of_one(current, type_, name, span)
        path = current.sources[0] if current.sources and current.sources[0] else "the value"
        mend = f"Reach the fields of its items by `[*].{name}`." if isinstance(type_, ListOf) else None
        return self.fail(
            UNKNOWN_FIELD,
            span,
            f"`{path}` is {words(type_, self.table)} and has no field `{name}`.",
            mend,
            related=True,
        )

    def _field_of_one(self, current: Typed, type_: OneOf, name: str, span: Span) -> Typed:
        found: list[Typed] = []
        missing = False
        for option in options(type_, self.table):
            if isinstance(option, (MapOf, Anything)) or (
                isinstance(option, Record) and (name in option.fields or option.open)
            ):
                found.append(
                    self.field(Typed(option, current.optional, current.sources, current.parts), name, span)
                )
            else:
                missing = True
        if not found:
            if not type_.options:
                return NULL
            fields = {known: known_field for option in options(type_, self.table) if isinstance(option, Record)
                      for known, known_field in option.fields.items()}  # fmt: skip
            return self._unknown_field(current, Record(fields), name, span)
        result = found[0]
        for other in found[1:]:
            result = either(result, other, optional=result.optional or other.optional)
        return Typed(result.type, result.optional or missing, result.sources, result.parts)

    def _unknown_field(self, current: Typed, record: Record, name: str, span: Span) -> Typed:
        prefix = f"{current.sources[0]}." if current.sources and current.sources[0] else ""
        near = get_close_matches(name, record.fields, n=1, cutoff=0.5)
        if near:
            mend = f"Did you mean `{prefix}{near[0]}`?"
        elif record.fields:
            mend = "It has " + ", ".join(f"`{prefix}{known}`" for known in list(record.fields)[:10]) + "."
        else:
            mend = "It has no fields at all."
        message = f"`{prefix}{name}` is not a field of {self.origin}."
        return self.fail(UNKNOWN_FIELD, span, message, mend, related=True)

    @property
    def origin(self) -> str:
        """The scope in the words of a message."""
        return self.scope.origin.partition(":")[2] or self.scope.origin


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
    found = values_of(left, inference.table)
    if found is None:
        return inference.fail(
            BAD_ARGUMENT,
            node.left.span,
            f"`*` is taken of {words(left.type, inference.table)}, not of an object.",
        )
    return _projected(inference, node.right, found, left, "object")


def values_of(value: Typed, table: TypeTable) -> Typed | None:
    """What is known of the values of an object's fields; None where it is no object."""
    types: list[Type] = []
    optional = False
    for option in options(value.type, table):
        if isinstance(option, MapOf):
            types.append(option.value)
        elif isinstance(option, Record) and not option.open:
            types += [field.type for field in option.fields.values()]
            optional = optional or any(field.optional for field in option.fields.values())
        elif isinstance(option, (Anything, Record)):
            types.append(ANYTHING)
    if (
        not types
        and value.type != NULL.type
        and not any(isinstance(o, Record) for o in options(value.type, table))
    ):
        return None
    return Typed(union(types), optional, below(value.sources, "*"))


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
        if set(lefts[0].values).isdisjoint(rights[0].values):
            value, known = (rights[0], lefts[0]) if len(rights[0].values) == 1 else (lefts[0], rights[0])
            near = get_close_matches(value.values[0], known.values, n=1)
            mend = (
                f"Did you mean `{near[0]}`?"
                if near
                else "The values are " + ", ".join(f"`{v}`" for v in known.values) + "."
            )
            inference.fail(
                NEVER_EQUAL,
                node.span,
                f"`{value.values[0]}` is not one of the values it is compared with.",
                mend,
            )


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


def typed_value(value: Any) -> Typed:
    """What is known of a JSON value that is written out."""
    return NULL if value is None else Typed(type_of(value), False, ())


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


def _call(inference: Inference, node: Call, current: Typed) -> Typed:
    # Deferred: the functions' typing rules use the inference.
    from cncb_compiler.mapping.functions import infer_call

    return infer_call(inference, node, current)


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
    Call: _call,
    ExpressionReference: _reference,
}
