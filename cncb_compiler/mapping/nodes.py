"""The syntax tree of a JMESPath expression, with the place of each part in its text.

Every node is evaluated against a current value, as in the JMESPath specification. Nodes are compared by
identity, so that what is inferred about one can be kept beside it.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from msgspec import Struct

Span: TypeAlias = tuple[int, int]
"""Characters `[start, end)` of the expression."""


class Current(Struct, frozen=True, eq=False):
    """`@`, and what a projection without a right side gives: the current value."""

    span: Span


class FieldAccess(Struct, frozen=True, eq=False):
    """A field of the current value."""

    name: str
    span: Span


class Chain(Struct, frozen=True, eq=False):
    """`left.right` or `left | right`: right is evaluated against left's value."""

    left: Node
    right: Node
    span: Span


class Index(Struct, frozen=True, eq=False):
    """`[i]` of the current list; negative ones count from its end."""

    index: int
    span: Span


class Slice(Struct, frozen=True, eq=False):
    """`[start:stop:step]` of the current list."""

    start: int | None
    stop: int | None
    step: int | None
    span: Span


class Flatten(Struct, frozen=True, eq=False):
    """The items of left's list, those that are lists opened once."""

    left: Node
    span: Span


class Projection(Struct, frozen=True, eq=False):
    """Right evaluated against each item of left's list, nulls left out; with `condition`, of those that satisfy it."""

    left: Node
    right: Node
    condition: Node | None
    span: Span


class ValueProjection(Struct, frozen=True, eq=False):
    """`left.*`: right evaluated against each value of left's object, nulls left out."""

    left: Node
    right: Node
    span: Span


class Comparison(Struct, frozen=True, eq=False):
    """`left operator right`; the operator as Python writes it."""

    operator: str
    left: Node
    right: Node
    span: Span


class Or(Struct, frozen=True, eq=False):
    """`left || right`: left, unless it is false or empty."""

    left: Node
    right: Node
    span: Span


class And(Struct, frozen=True, eq=False):
    """`left && right`: right, unless left is false or empty."""

    left: Node
    right: Node
    span: Span


class Not(Struct, frozen=True, eq=False):
    """`!operand`."""

    operand: Node
    span: Span


class Literal(Struct, frozen=True, eq=False):
    """A JSON value."""

    value: Any
    span: Span


class MultiList(Struct, frozen=True, eq=False):
    """`[a, b]`: null where the current value is null."""

    items: tuple[Node, ...]
    span: Span


class MultiHash(Struct, frozen=True, eq=False):
    """`{a: x, b: y}`: null where the current value is null."""

    pairs: tuple[tuple[str, Node], ...]
    span: Span


class Call(Struct, frozen=True, eq=False):
    """A function call; `name_span` is the function's name alone."""

    name: str
    arguments: tuple[Node, ...]
    span: Span
    name_span: Span


class ExpressionReference(Struct, frozen=True, eq=False):
    """`&expression`: not evaluated here, but by the function it is given to, against each item."""

    body: Node
    span: Span


Node: TypeAlias = (
    Current
    | FieldAccess
    | Chain
    | Index
    | Slice
    | Flatten
    | Projection
    | ValueProjection
    | Comparison
    | Or
    | And
    | Not
    | Literal
    | MultiList
    | MultiHash
    | Call
    | ExpressionReference
)
