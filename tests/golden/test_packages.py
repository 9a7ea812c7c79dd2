"""No package holds a module that its handler never imports (book: "Tuning function as a service")."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

GENERATED = Path(__file__).resolve().parents[2] / "generated"
SYSTEMS = sorted(path.name for path in GENERATED.iterdir() if path.is_dir())


@cache
def imported(source: str, package: str) -> frozenset[str]:
    """The modules that a source imports when it runs, also inside of functions, as dotted names."""
    return frozenset(_imported(source, package))


def _imported(source: str, package: str) -> Iterator[str]:
    tree = ast.parse(source)
    only_types = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if node in only_types:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(filter(None, [package if node.level else "", node.module or ""]))
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def unused(package: Path) -> set[str]:
    """The files of a package that nothing reaches from `handler.py`."""
    files = {path.relative_to(package).as_posix() for path in package.rglob("*.py")}
    reached: set[str] = set()
    waiting = ["handler.py"]
    while waiting:
        file = waiting.pop()
        if file in reached or file not in files:
            continue
        reached.add(file)
        parent = file.rpartition("/")[0].replace("/", ".")
        for name in imported((package / file).read_text(), parent):
            path = name.replace(".", "/")
            waiting += [f"{path}.py", f"{path}/__init__.py"]
    return files - reached


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_package_holds_nothing_unused(system: str) -> None:
    handlers = sorted((GENERATED / system).glob("*/functions/*/handler.py"))
    assert {str(one.parent): unused(one.parent) for one in handlers if unused(one.parent)} == {}


def test_what_is_unused_is_found(tmp_path: Path) -> None:
    (tmp_path / "handler.py").write_text("from cncb_runtime.used import a\n")
    (tmp_path / "cncb_runtime").mkdir()
    for name in ("__init__", "used", "lost"):
        (tmp_path / "cncb_runtime" / f"{name}.py").write_text("")
    assert unused(tmp_path) == {"cncb_runtime/lost.py", "cncb_runtime/__init__.py"}
