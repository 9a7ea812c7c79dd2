"""The syntax tree of a JMESPath expression, with the place of each part in its text.

Every node is evaluated against a current value, as in the JMESPath specification. Nodes are compared by
identity, so that what is inferred about one can be kept beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

Span: TypeAlias = tuple[int, int]
"""Characters `[start, end)` of the expression."""


@dataclass(frozen=True, slots=True, eq=False)
class Current:
    """`@`, and what a projection without a right side gives: the current value."""

    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class FieldAccess:
    """A field of the current value."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """`left.right` or `left | right`: right is evaluated against left's value."""

    left: Node
    right: Node
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """`[i]` of the current list; negative ones count from its end."""

    index: int
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Slice:
    """`[start:stop:step]` of the current list."""

    start: int | None
    stop: int | None
    step: int | None
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Flatten:
    """The items of left's list, those that are lists opened once."""

    left: Node
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """Right evaluated against each item of left's list, nulls left out; with `condition`, of those that satisfy it."""

    left: Node
    right: Node
    condition: Node | None
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class ValueProjection:
    """`left.*`: right evaluated against each value of left's object, nulls left out."""

    left: Node
    right: Node
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """`left operator right`; the operator as Python writes it."""

    operator: str
    left: Node
    right: Node
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Or:
    """`left || right`: left, unless it is false or empty."""

    left: Node
    right: Node
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class And:
    """`left && right`: right, unless left is false or empty."""

    left: Node
    right: Node
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Not:
    """`!operand`."""

    operand: Node
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Literal:
    """A JSON value."""

    value: Any
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class MultiList:
    """`[a, b]`: null where the current value is null."""

    items: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class MultiHash:
    """`{a: x, b: y}`: null where the current value is null."""

    pairs: tuple[tuple[str, Node], ...]
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """A function call; `name_span` is the function's name alone."""

    name: str
    arguments: tuple[Node, ...]
    span: Span
    name_span: Span


@dataclass(frozen=True, slots=True, eq=False)
class ExpressionReference:
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
