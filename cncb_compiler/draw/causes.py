"""What a write brings about: the events that the change of the row publishes, as far as the declarations tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cncb_compiler.graph.system import Emission, LinkedChange, LinkedMapping, Write
from cncb_compiler.mapping.expression import ExpressionError, parse_expression
from cncb_compiler.mapping.nodes import And, Chain, Comparison, FieldAccess, Literal, Node
from cncb_compiler.mapping.tree import Constant, Expression, Nested, Tree
from cncb_compiler.rules.echoes import OPERATIONS


def caused(write: Write, change: LinkedChange) -> Iterator[Emission]:
    """The publications that a write may lead to.

    A row with a new id is inserted. A row whose field is set to one constant does not pass a guard that wants another,
    nor one that is written whole without a field a guard that wants it.
    """
    fields = _fields(write.fields)
    operations = {"INSERT"} if _is_new(write, fields) else set(OPERATIONS[write.verb])
    for operation, emission in change.captured:
        if operation in operations and not (
            emission.when is not None and _contradicts(emission.when, fields, write.verb == "write")
        ):
            yield emission


def _fields(mapping: LinkedMapping | None) -> Mapping[str, Tree]:
    return mapping.tree.fields if mapping is not None and isinstance(mapping.tree, Nested) else {}


def _is_new(write: Write, fields: Mapping[str, Tree]) -> bool:
    keys = [fields.get(name) for name in write.store.key_names]
    return write.verb == "write" and any(isinstance(key, Expression) and key.text.strip() == "uuid()" for key in keys)


def _contradicts(guard: LinkedMapping, fields: Mapping[str, Tree], whole: bool) -> bool:
    if not isinstance(guard.tree, Expression):
        return False
    try:
        wanted = _conjuncts(parse_expression(guard.tree.text))
    except ExpressionError:
        return False
    return any(_refuses(one, fields, whole) for one in wanted)


def _conjuncts(node: Node) -> Iterator[Node]:
    if isinstance(node, And):
        yield from _conjuncts(node.left)
        yield from _conjuncts(node.right)
    else:
        yield node


def _refuses(node: Node, fields: Mapping[str, Tree], whole: bool) -> bool:
    """Whether a condition `new.field == constant`, or `new.field`, is false of what is set."""
    match node:
        case Comparison(operator="==", left=Chain() as place, right=Literal(value=wanted)):
            given = fields.get(_field_of_row(place))
            return isinstance(given, Constant) and given.value != wanted
        case Chain():
            name = _field_of_row(node)
            return whole and bool(fields) and bool(name) and name not in fields
        case _:
            return False


def _field_of_row(node: Chain) -> str:
    """`field` of `new.field`; nothing of anything else."""
    match node:
        case Chain(left=FieldAccess(name="new"), right=FieldAccess(name=name)):
            return name
        case _:
            return ""
