"""Mappings compiled to Python expressions, which generated handlers hold: nothing is interpreted per event.

Only what `mapping.check` found nothing wrong with may be compiled. Names from YAML reach the code as string
literals only.
"""

from __future__ import annotations

import re

from msgspec import Struct

from cncb_compiler.mapping.emit import ExpressionEmitter
from cncb_compiler.mapping.emitter import Emitter, Value
from cncb_compiler.mapping.expression import is_plain_path, parse_expression
from cncb_compiler.mapping.infer import ExpressionInference
from cncb_compiler.mapping.layout import Block, join, literal, render, text
from cncb_compiler.mapping.layout import Code as Layout
from cncb_compiler.mapping.narrow import is_wider, narrow
from cncb_compiler.mapping.scope import Scope
from cncb_compiler.mapping.tree import Constant, Expression, HookCall, Items, Nested, Tree
from cncb_compiler.mapping.typed import Typed
from cncb_compiler.schema.types import ListOf, MapOf, Record, Ref, Type, TypeTable
from cncb_compiler.source.location import Location

_NOWHERE = Location("")
_RETURN = len("return ")


class Code(Struct, frozen=True):
    """A Python expression over the scope's variable.

    `helpers` are the functions of `cncb_compiler.runtime.values` that it calls, as `values.NAME`; `hooks` the
    hook modules, called as `hook_alias(MODULE).FUNCTION(variable)`. Where they are not empty, the code around imports
    them under these names.
    """

    expression: str
    helpers: frozenset[str] = frozenset()
    hooks: frozenset[str] = frozenset()


def hook_alias(module: str) -> str:
    """The name under which generated code imports a hook module: no mapping or variable has such a name."""
    return f"{module}_hooks"


def compile_mapping(
    tree: Tree,
    scope: Scope,
    target: Type | None,
    table: TypeTable,
    *,
    indent: int = 4,
    column: int | None = None,
    tail: int = 0,
    target_path: str = "",
) -> Code:
    """The mapping as a Python expression, laid out for a statement that is indented by `indent` spaces.

    `column` is where its first line starts (default: after `return `), and `tail` characters follow its last.
    `target_path` is where its value goes, which tells the ids that `uuid()` gives in one handler apart.
    """
    compiler = _Compiler(scope, table)
    code = compiler.tree(tree, target, target_path)
    start = indent + _RETURN if column is None else column
    return Code(render(code, indent, start, tail), frozenset(compiler.helpers), frozenset(compiler.hooks))


def compile_condition(
    condition: Expression, scope: Scope, table: TypeTable, *, indent: int = 4, column: int | None = None, tail: int = 1
) -> Code:
    """A guard as a Python expression that is true where JMESPath's value is true, for use in `if`."""
    compiler = _Compiler(scope, table)
    emitter, value = compiler.emit(condition.text, "")
    code, _ = emitter.truth(value)
    start = indent + _RETURN if column is None else column
    return Code(render(code, indent, start, tail), frozenset(emitter.helpers))


class _Compiler:
    """One compilation; collects what the code needs."""

    def __init__(self, scope: Scope, table: TypeTable) -> None:
        self.scope = scope
        self.table = table
        self.helpers: set[str] = set()
        self.hooks: set[str] = set()

    def tree(self, tree: Tree, target: Type | None, path: str) -> Layout:
        if isinstance(tree, Expression):
            return self._expression(tree.text, target, path)
        if isinstance(tree, Nested):
            return self._nested(tree, target, path)
        if isinstance(tree, Constant):
            return literal(tree.value)
        if isinstance(tree, HookCall):
            self.hooks.add(tree.module)
            return f"{hook_alias(tree.module)}.{tree.function}({self.scope.variable})"
        return self._items(tree, target, path)

    def emit(self, expression: str, path: str) -> tuple[Emitter, Value]:
        node = parse_expression(expression)
        inference = ExpressionInference(self.scope, self.table, _NOWHERE)
        inference.infer(node)
        if inference.diagnostics:
            raise ValueError(f"{expression!r} was not checked: {inference.diagnostics[0].message}")
        names = frozenset({self.scope.variable, *re.findall(r"\w+", self.scope.seed or "")})
        emitter = ExpressionEmitter(inference, path, names)
        return emitter, emitter.emit(node, Value(self.scope.variable, Typed(self.scope.root, False, ("",))))

    def _expression(self, expression: str, target: Type | None, path: str) -> Layout:
        plain = self._plain(expression, target)
        if plain is not None:
            return plain
        emitter, value = self.emit(expression, path)
        if isinstance(target, (Ref, Record, ListOf, MapOf)):
            code = narrow(emitter, value, target)
        else:
            code = emitter.code(value)
        self.helpers |= emitter.helpers
        return code

    def _plain(self, expression: str, target: Type | None) -> str | None:
        """The code of a path of fields that are all surely there; None of anything else. Only saves time."""
        if not is_plain_path(expression):
            return None
        type_: Type = self.scope.root
        code = self.scope.variable
        for name in expression.split("."):
            owner = self.table.resolve(type_)
            field = owner.fields.get(name) if isinstance(owner, Record) else None
            if field is None or field.optional:
                return None
            type_ = field.type
            code += f'["{name}"]'
        return code if target is None or not is_wider(type_, target, self.table) else None

    def _nested(self, tree: Nested, target: Type | None, path: str) -> Layout:
        wanted = None if target is None else self.table.resolve(target)
        parts: list[Layout] = []
        for name, inner in tree.fields.items():
            type_: Type | None = None
            if isinstance(wanted, Record) and name in wanted.fields:
                type_ = wanted.fields[name].type
            elif isinstance(wanted, MapOf):
                type_ = wanted.value
            parts.append(join(f"{text(name)}: ", self.tree(inner, type_, f"{path}.{name}" if path else name)))
        return Block("{", tuple(parts), "}") if parts else "{}"

    def _items(self, tree: Items, target: Type | None, path: str) -> Layout:
        wanted = None if target is None else self.table.resolve(target)
        inner = wanted.item if isinstance(wanted, ListOf) else None
        parts = [self.tree(item, inner, f"{path}[{index}]") for index, item in enumerate(tree.items)]
        return Block("[", tuple(parts), "]") if parts else "[]"
