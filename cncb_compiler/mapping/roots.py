"""The fields of its scope that an expression begins at."""

from __future__ import annotations

from collections.abc import Iterator

from cncb_compiler.mapping.nodes import (
    And,
    Call,
    Chain,
    Comparison,
    FieldAccess,
    Flatten,
    MultiHash,
    MultiList,
    Node,
    Not,
    Or,
    Projection,
    Span,
    ValueProjection,
)


def roots(node: Node) -> Iterator[tuple[str, Span]]:
    """Each field of the scope itself that is named, with its place: of `a.b || c`, `a` and `c`."""
    match node:
        case FieldAccess():
            yield node.name, node.span
        case Chain() | Projection() | ValueProjection() | Flatten():
            yield from roots(node.left)
        case And() | Or() | Comparison():
            yield from roots(node.left)
            yield from roots(node.right)
        case Not():
            yield from roots(node.operand)
        case Call():
            for argument in node.arguments:
                yield from roots(argument)
        case MultiList():
            for item in node.items:
                yield from roots(item)
        case MultiHash():
            for _, value in node.pairs:
                yield from roots(value)
        case _:
            return
