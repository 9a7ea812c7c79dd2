"""What a write of a row may be captured as, and which guards of changes it cannot satisfy."""

from __future__ import annotations

from typing import Any, Final

from cncb_compiler.graph.system import LinkedMapping, Write
from cncb_compiler.mapping.expression import ExpressionError, parse_expression
from cncb_compiler.mapping.nodes import And, Chain, Comparison, FieldAccess, Literal, Node, Not, Or
from cncb_compiler.mapping.tree import Constant, Expression, Nested

OPERATIONS = {"write": ("INSERT", "MODIFY"), "update": ("MODIFY",), "delete": ("REMOVE",)}
"""The changes of a table that a write may be captured as."""

_UNKNOWN: Final = object()


def may_capture(write: Write, operation: str, guard: LinkedMapping | None) -> bool:
    """Whether a write may be captured as this operation under this guard.

    No, where the values that the write sets, and those that it leaves as they are, make the guard false: an update that
    sets `{status: {const: paid}}` never publishes what asks for `new.status == 'cancelled'`.
    """
    if operation not in OPERATIONS[write.verb]:
        return False
    if guard is None or not isinstance(guard.tree, Expression) or write.verb == "delete":
        return True
    try:
        value = _value(parse_expression(guard.tree.text), write)
    except ExpressionError:
        return True
    return value is _UNKNOWN or isinstance(value, _Kept) or not _is_false(value)


class _Kept(str):
    """The value of a field that is the same before and after: nothing but that is known of it."""

    __slots__ = ()


def _value(node: Node, write: Write) -> Any:
    match node:
        case Literal():
            return node.value
        case Chain(left=FieldAccess(name=image), right=FieldAccess(name=field)) if image in ("new", "old"):
            return _field(image, field, write)
        case Not():
            value = _value(node.operand, write)
            return _UNKNOWN if value is _UNKNOWN or isinstance(value, _Kept) else _is_false(value)
        case And() | Or():
            sides = [_value(node.left, write), _value(node.right, write)]
            deciding = isinstance(node, Or)
            known = [not _is_false(one) for one in sides if one is not _UNKNOWN and not isinstance(one, _Kept)]
            return deciding if deciding in known else not deciding if len(known) == 2 else _UNKNOWN
        case Comparison(operator="==" | "!="):
            left, right = _value(node.left, write), _value(node.right, write)
            if isinstance(left, _Kept) and isinstance(right, _Kept) and left == right:
                return node.operator == "=="
            if any(one is _UNKNOWN or isinstance(one, _Kept) for one in (left, right)):
                return _UNKNOWN
            return (left == right) is (node.operator == "==")
        case _:
            return _UNKNOWN


def _field(image: str, field: str, write: Write) -> Any:
    """What is known of `new.field` or `old.field`."""
    tree = write.fields.tree if write.fields is not None else None
    if not isinstance(tree, Nested):
        return _UNKNOWN
    if field in tree.fields:
        found = tree.fields[field]
        return found.value if image == "new" and isinstance(found, Constant) else _UNKNOWN
    if write.verb == "update":
        return _Kept(field)
    return None if image == "new" and field not in write.store.key_names else _UNKNOWN


def _is_false(value: Any) -> bool:
    """JMESPath's idea of false: null, false, and what is empty, but not zero."""
    return value is None or value is False or (isinstance(value, (str, list, dict)) and not value)
