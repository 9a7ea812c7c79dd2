"""Guards that say the same whatever comes."""

from __future__ import annotations

from typing import Any, Final

from cncb_compiler.graph.system import LinkedMapping
from cncb_compiler.mapping.expression import ExpressionError, parse_expression
from cncb_compiler.mapping.nodes import And, Comparison, Literal, Node, Not, Or
from cncb_compiler.mapping.tree import Constant, Expression

_UNKNOWN: Final = object()


def is_never(guard: LinkedMapping) -> bool:
    """Whether a guard holds for no value at all: it is made of literals only, and they come to false."""
    tree = guard.tree
    if isinstance(tree, Constant):
        return _is_false(tree.value)
    if not isinstance(tree, Expression):
        return False
    try:
        value = _folded(parse_expression(tree.text))
    except ExpressionError:
        return False
    return value is not _UNKNOWN and _is_false(value)


def _is_false(value: Any) -> bool:
    """JMESPath's idea of false: null, false, and what is empty, but not zero."""
    return value is None or value is False or (isinstance(value, (str, list, dict)) and not value)


def _folded(node: Node) -> Any:
    """The value of a node that is made of literals; `_UNKNOWN` where it depends on anything."""
    match node:
        case Literal():
            return node.value
        case Not():
            value = _folded(node.operand)
            return _UNKNOWN if value is _UNKNOWN else _is_false(value)
        case And():
            left, right = _folded(node.left), _folded(node.right)
            if any(value is not _UNKNOWN and _is_false(value) for value in (left, right)):
                return False
            return _UNKNOWN if _UNKNOWN in (left, right) else right
        case Or():
            left = _folded(node.left)
            if left is _UNKNOWN:
                return _UNKNOWN
            return _folded(node.right) if _is_false(left) else left
        case Comparison():
            left, right = _folded(node.left), _folded(node.right)
            if left is _UNKNOWN or right is _UNKNOWN or node.operator not in ("==", "!="):
                return _UNKNOWN
            return (left == right) is (node.operator == "==")
        case _:
            return _UNKNOWN
