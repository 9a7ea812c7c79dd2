"""Which modules of the runtime a package needs: those that it names, and what those import."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

PACKAGE = "cncb_runtime"
"""The runtime's name inside a function's package."""

_FOLDER = Path(__file__).resolve().parent.parent / "runtime"
_NAMED = re.compile(
    rf"^[ \t]*(?:from|import)[ \t]+{PACKAGE}(?:\.(\w+)|[ \t]+import[ \t]+(?:\(([^)]*)\)|([\w ,]+)))", re.MULTILINE
)


def runtime_files(modules: Iterable[str]) -> dict[str, bytes]:
    """The runtime modules of these names with all that they import, by their path in a package."""
    return _files(frozenset(modules))


def named_modules(source: str) -> set[str]:
    """The runtime modules that a Python source imports, as `cncb_runtime.x` or `from cncb_runtime import x`."""
    found: set[str] = set()
    if PACKAGE in source:
        for dotted, bracketed, plain in _NAMED.findall(source):
            found.update([dotted] if dotted else re.findall(r"\w+", bracketed or plain))
    return {name for name in found if (_FOLDER / f"{name}.py").is_file()}


@cache
def _files(modules: frozenset[str]) -> dict[str, bytes]:
    needed = frozenset().union(*(_closure(module) for module in modules))
    return {f"{PACKAGE}/{name}.py": _source(name) for name in sorted({"__init__", *needed})}


@cache
def _closure(module: str) -> frozenset[str]:
    needed: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            waiting.extend(_imports(name))
    return frozenset(needed)


@cache
def _imports(module: str) -> frozenset[str]:
    found: set[str] = set()
    tree = ast.parse(_source(module))
    only_types = {inner for node in ast.walk(tree) if _is_for_types(node) for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level == 1 and node not in only_types:
            found.update([node.module] if node.module else [alias.name for alias in node.names])
    return frozenset(found)


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


@cache
def _source(module: str) -> bytes:
    return (_FOLDER / f"{module}.py").read_bytes()
