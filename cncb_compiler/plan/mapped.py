"""A mapping, on its way to become a function."""

from __future__ import annotations

from msgspec import Struct

from cncb_compiler.mapping.scope import Scope
from cncb_compiler.mapping.tree import Tree
from cncb_compiler.schema.types import Type


class Mapped(Struct, frozen=True):
    """A mapping that becomes one function of the package's `mapping.py`: `def <name>(<scope.variable>)`."""

    name: str
    doc: str
    tree: Tree
    scope: Scope
    target: Type | None = None
