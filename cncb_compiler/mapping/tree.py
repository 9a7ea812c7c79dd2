"""A mapping as the user wrote it: where the value of each target field comes from."""

from __future__ import annotations

from collections.abc import Mapping as MappingABC
from dataclasses import dataclass
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Expression:
    """A JMESPath expression over the scope, e.g. `order.lines[0].sku` or `uuid()`."""

    text: str


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal JSON value: a bare number or boolean, or `{const: ...}`."""

    value: Any


@dataclass(frozen=True, slots=True)
class HookCall:
    """`{hook: module.function}`: a Python function of the service, called with the scope's value."""

    module: str
    function: str


@dataclass(frozen=True, slots=True, eq=False)
class Nested:
    """An object built field by field, in the declared order."""

    fields: MappingABC[str, Tree]


@dataclass(frozen=True, slots=True)
class Items:
    """A list built item by item."""

    items: tuple[Tree, ...]


Tree: TypeAlias = Expression | Constant | HookCall | Nested | Items
