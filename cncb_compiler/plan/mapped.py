"""A mapping, on its way to become a function."""

from __future__ import annotations

from dataclasses import dataclass

from cncb_compiler.mapping.scope import Scope
from cncb_compiler.mapping.tree import Tree
from cncb_compiler.schema.types import Type


@dataclass(frozen=True, slots=True)
class Mapped:
    """A mapping that becomes one function of the package's `mapping.py`: `def <name>(<scope.variable>)`."""

    name: str
    doc: str
    tree: Tree
    scope: Scope
    target: Type | None = None
