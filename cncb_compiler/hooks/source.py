"""Reading a service's hooks: which modules there are, what they define, what they import of each other."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

HOOKS_FOLDER = "hooks"

_NOT_TEXT = "it is not readable as UTF-8 text"


@dataclass(frozen=True)
class HookModule:
    """A Python file `hooks/<service>/<name>.py`. `problem` says why it cannot be read, `text` is then empty."""

    name: str
    text: str
    problem: str | None = None

    @cached_property
    def _tree(self) -> ast.Module | None:
        try:
            return ast.parse(self.text)
        except (SyntaxError, ValueError):
            return None

    @property
    def syntax_problem(self) -> str | None:
        """Why it is no Python, with the line; None where it is."""
        if self.problem is not None:
            return self.problem
        try:
            ast.parse(self.text)
        except SyntaxError as error:
            return f"line {error.lineno}: {error.msg}"
        except ValueError as error:
            return str(error)
        return None

    @cached_property
    def functions(self) -> Mapping[str, ast.FunctionDef | ast.AsyncFunctionDef]:
        """The functions that it defines."""
        body = self._tree.body if self._tree else []
        return {node.name: node for node in body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))}

    @cached_property
    def names(self) -> frozenset[str]:
        """Every name that it binds at the top, also by import or assignment."""
        bound: set[str] = set(self.functions)
        for node in self._tree.body if self._tree else []:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                bound.update((alias.asname or alias.name).split(".")[0] for alias in node.names)
            elif isinstance(node, ast.Assign):
                bound.update(target.id for target in node.targets if isinstance(target, ast.Name))
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                bound.add(node.target.id)
        return frozenset(bound)

    def implemented(self, function: str) -> bool:
        """False where the function still is what was scaffolded: it does nothing but raise NotImplementedError."""
        node = self.functions.get(function)
        if node is None:
            return True
        body = [part for part in node.body if not (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))]
        if len(body) != 1 or not isinstance(body[0], ast.Raise):
            return True
        raised = body[0].exc
        name = raised.func if isinstance(raised, ast.Call) else raised
        return not (isinstance(name, ast.Name) and name.id == "NotImplementedError")

    @cached_property
    def siblings(self) -> frozenset[str]:
        """The other hook modules that it imports, relatively (`from .rates import x`) or as `hooks.rates`."""
        found: set[str] = set()
        for node in ast.walk(self._tree) if self._tree else ():
            if isinstance(node, ast.ImportFrom):
                package = node.module or ""
                if node.level == 1:
                    found.update([package.split(".")[0]] if package else [alias.name for alias in node.names])
                elif package == HOOKS_FOLDER:
                    found.update(alias.name for alias in node.names)
                elif package.startswith(f"{HOOKS_FOLDER}."):
                    found.add(package.split(".")[1])
            elif isinstance(node, ast.Import):
                found.update(
                    alias.name.split(".")[1] for alias in node.names if alias.name.startswith(f"{HOOKS_FOLDER}.")
                )
        return frozenset(found)


def read_modules(root: Path, service: str) -> dict[str, HookModule]:
    """The hook modules of a service, by name; none where it has no folder."""
    folder = root / HOOKS_FOLDER / service
    if not folder.is_dir():
        return {}
    base = root.resolve()
    modules = {}
    for file in sorted(folder.glob("*.py")):
        if not file.resolve().is_relative_to(base):
            modules[file.stem] = HookModule(file.stem, "", "it is a link out of the system's folder")
            continue
        try:
            modules[file.stem] = HookModule(file.stem, file.read_text("utf-8"))
        except (OSError, UnicodeError):
            modules[file.stem] = HookModule(file.stem, "", _NOT_TEXT)
    return modules


def modules_of(files: Mapping[str, bytes], service: str) -> dict[str, HookModule]:
    """As `read_modules`, of files by their path from the system's folder."""
    modules = {}
    for path, content in sorted(files.items()):
        if PurePosixPath(path).match(f"{HOOKS_FOLDER}/{service}/*.py"):
            name = PurePosixPath(path).stem
            try:
                modules[name] = HookModule(name, content.decode())
            except UnicodeError:
                modules[name] = HookModule(name, "", _NOT_TEXT)
    return modules


def closure(modules: Mapping[str, HookModule], wanted: Iterable[str]) -> dict[str, str]:
    """The texts of the wanted modules and of those that they import, by name, sorted."""
    needed: set[str] = set()
    open_ = list(wanted)
    while open_:
        name = open_.pop()
        if name in needed or name not in modules:
            continue
        needed.add(name)
        open_.extend(modules[name].siblings)
    return {name: modules[name].text for name in sorted(needed)}
