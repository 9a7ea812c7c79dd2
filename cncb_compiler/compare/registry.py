"""All kinds of change, found by their modules' names: `diff<number>_<slug>.py`, sorted by code."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, TypeAlias

from cncb_compiler.compare.change import Category, Change, Level

if TYPE_CHECKING:
    from cncb_compiler.compare.compared import Compared

    Finder: TypeAlias = Callable[[Compared], Iterator[Change]]


@dataclass(frozen=True, slots=True)
class ChangeInfo:
    """A kind of change as users see it; `doc` is the docstring of its module, Markdown."""

    code: str
    slug: str
    category: Category
    levels: tuple[Level, ...]
    doc: str

    @property
    def summary(self) -> str:
        """The first sentence of its documentation."""
        return self.doc.strip().splitlines()[0]


@cache
def _modules() -> tuple[str, ...]:
    import cncb_compiler.compare.rules as package

    names = sorted(found.name for found in pkgutil.iter_modules(package.__path__) if found.name.startswith("diff"))
    return tuple(f"{package.__name__}.{name}" for name in names)


@cache
def all_kinds() -> tuple[ChangeInfo, ...]:
    """Every kind of change, by code."""
    found = []
    for name in _modules():
        module = import_module(name)
        rule = module.RULE
        found.append(ChangeInfo(rule.code, rule.slug, rule.category, rule.levels, module.__doc__ or ""))
    return tuple(found)


@cache
def finders() -> tuple[Finder, ...]:
    """What finds each kind of change, by code."""
    return tuple(import_module(name).changes for name in _modules())
