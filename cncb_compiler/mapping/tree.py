"""A mapping as the user wrote it: where the value of each target field comes from."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as MappingABC
from typing import Any, TypeAlias

from msgspec import Struct


class Expression(Struct, frozen=True):
    """A JMESPath expression over the scope, e.g. `order.lines[0].sku` or `uuid()`."""

    text: str


class Constant(Struct, frozen=True):
    """A literal JSON value: a bare number or boolean, or `{const: ...}`."""

    value: Any


class HookCall(Struct, frozen=True):
    """`{hook: module.function}`: a Python function of the service, called with the scope's value."""

    module: str
    function: str


class Nested(Struct, frozen=True, eq=False):
    """An object built field by field, in the declared order."""

    fields: MappingABC[str, Tree]


class Items(Struct, frozen=True):
    """A list built item by item."""

    items: tuple[Tree, ...]


Tree: TypeAlias = Expression | Constant | HookCall | Nested | Items


def hook_calls(tree: Tree) -> tuple[HookCall, ...]:
    """The hooks that a mapping calls, each once."""
    return tuple(dict.fromkeys(_hook_calls(tree)))


def _hook_calls(tree: Tree) -> Iterator[HookCall]:
    match tree:
        case HookCall():
            yield tree
        case Nested():
            for inner in tree.fields.values():
                if not isinstance(inner, Expression):
                    yield from _hook_calls(inner)
        case Items():
            for item in tree.items:
                yield from _hook_calls(item)
