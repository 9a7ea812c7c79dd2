"""The first text of a hook: typed, documented, and honest that it does nothing yet. Written once, never again."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from cncb_compiler.graph.system import LinkedMapping
from cncb_compiler.schema.types import Anything, Enum, ListOf, MapOf, Record, Ref, Scalar, Type, TypeTable
from cncb_compiler.schema.walk import render_type

_SCALARS = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}


def python_type(type_: Type | None, table: TypeTable) -> str:
    """The Python annotation of a value of a type, as JSON gives it."""
    if isinstance(type_, Ref):
        type_ = table.resolve(type_)
    if isinstance(type_, Scalar):
        return _SCALARS[type_.base]
    if isinstance(type_, Enum):
        return "str"
    if isinstance(type_, ListOf):
        return f"list[{python_type(type_.item, table)}]"
    if isinstance(type_, (Record, MapOf)):
        return "dict[str, Any]"
    return "Any" if type_ is None or isinstance(type_, Anything) else "object"


def scaffold(service: str, module: str, uses: Sequence[tuple[str, LinkedMapping | None]], table: TypeTable) -> str:
    """The text of a module with each of its functions: pairs of a name and the mapping that calls it.

    A function without a mapping is a Lambda handler of the team's own.
    """
    parts = [_function(service, module, name, mapping, table) for name, mapping in uses]
    header = f'"""Hooks of {service}: `{module}`."""\n\nfrom __future__ import annotations\n\nfrom typing import Any\n'
    return header + "".join(f"\n\n{part}" for part in parts)


def _function(service: str, module: str, name: str, mapping: LinkedMapping | None, table: TypeTable) -> str:
    message = f"The hook {module}.{name} of {service} is not implemented."
    if mapping is None:
        return (
            f"def {name}(event: dict[str, Any], context: Any) -> Any:\n"
            f'    """Handle an invocation."""\n'
            f'    raise NotImplementedError("{message}")\n'
        )
    listed = mapping.scope.variable == "events" and "events" in mapping.scope.root.fields
    annotation = "list[dict[str, Any]]" if listed else "dict[str, Any]"
    target = _target_at(mapping, module, name)
    returns = (
        python_type(target, table) if target is not None else "None" if mapping.name == "call" else "dict[str, Any]"
    )
    lines = [_sentence(mapping.doc), "", f"`{mapping.scope.variable}` has:"]
    lines += [
        f"- {field}: {render_type(info.type)}{'?' if info.optional else ''}"
        for field, info in mapping.scope.root.fields.items()
    ]
    if target is not None:
        lines += ["", f"Returns {render_type(target)}."]
    lines += ["", f"Declared at {mapping.at}."]
    doc = textwrap.indent("\n".join(_safe(line) for line in lines), "    ").strip()
    return (
        f"def {name}({mapping.scope.variable}: {annotation}) -> {returns}:\n"
        f'    """{doc}\n    """\n'
        f'    raise NotImplementedError("{message}")\n'
    )


def _target_at(mapping: LinkedMapping, module: str, name: str) -> Type | None:
    """The type of the field that the hook fills."""
    from cncb_compiler.mapping.tree import HookCall, Nested, Tree

    def find(tree: Tree, target: Type | None) -> tuple[bool, Type | None]:
        if isinstance(tree, HookCall):
            return (tree.module, tree.function) == (module, name), target
        if isinstance(tree, Nested):
            fields = target.fields if isinstance(target, Record) else {}
            for field, inner in tree.fields.items():
                found, type_ = find(inner, fields[field].type if field in fields else None)
                if found:
                    return True, type_
        return False, None

    return find(mapping.tree, mapping.target)[1]


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:] if text else "A hook."


def _safe(line: str) -> str:
    return line.replace("\\", "\\\\").replace('"""', "'''").rstrip()
