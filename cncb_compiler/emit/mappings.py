"""The mapping module of a package: each mapping as one function, compiled to straight Python."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cncb_compiler.emit.templates import rendered
from cncb_compiler.mapping.aggregate import compile_aggregate
from cncb_compiler.mapping.layout import text
from cncb_compiler.mapping.python import Code, compile_condition, compile_mapping
from cncb_compiler.mapping.tree import Expression, Items, Nested
from cncb_compiler.plan.handlers import (
    CapturedChange,
    ChangesHandler,
    CollectHandler,
    CommandHandler,
    EvaluateHandler,
    Handler,
    JoinHandler,
    LakeHandler,
    Mapped,
    MonitorHandler,
    OwnHandler,
    Publish,
    QueryHandler,
    ReactionHandler,
    TransitionsHandler,
    ViewHandler,
    WriteRow,
)
from cncb_compiler.schema.types import TypeTable

AGGREGATE = "aggregate"
"""The function that computes a row's fields from collected events."""


@dataclass(frozen=True, slots=True)
class Role:
    """A mapping and what it is for: `key`, `fields`, `partition_key`, `when`, `correlation`, `call`, `evaluate`."""

    mapped: Mapped
    role: str


@dataclass(frozen=True, slots=True)
class MappingModule:
    """The module's text, whether it uses the runtime's `values`, and the hook modules that it calls."""

    source: bytes
    values: bool
    hooks: tuple[str, ...]


def mappings_of(handler: Handler) -> tuple[Role, ...]:
    """The mappings of a handler, each name once, sorted by name."""
    found: dict[str, Role] = {}
    for role in _roles(handler):
        found.setdefault(role.mapped.name, role)
    return tuple(found[name] for name in sorted(found))


def mapping_module(handler: Handler, doc: str, table: TypeTable) -> MappingModule | None:
    """The mapping module of a handler; None where it maps nothing."""
    roles = mappings_of(handler)
    functions = [_function(role, table) for role in roles]
    codes = [code for _, code in functions]
    blocks = [block for block, _ in functions]
    if isinstance(handler, EvaluateHandler) and handler.aggregates:
        block, more = _aggregate(handler, table)
        blocks.append(block)
        codes += more
    if not blocks:
        return None
    hooks = tuple(sorted({hook for code in codes for hook in code.hooks}))
    values = any(code.helpers for code in codes)
    source = rendered("handlers/mapping.py.j2", doc=doc, functions=blocks, values=values, hooks=hooks)
    return MappingModule(source, values, hooks)


def _function(role: Role, table: TypeTable) -> tuple[dict[str, str], Code]:
    mapped = role.mapped
    if role.role == "when" and isinstance(mapped.tree, Expression):
        code = compile_condition(mapped.tree, mapped.scope, table, column=4 + len("return bool("))
        expression, returns = f"bool({code.expression})", "bool"
    else:
        code = compile_mapping(mapped.tree, mapped.scope, mapped.target, table)
        expression = code.expression
        returns = {Nested: "dict[str, Any]", Items: "list[Any]"}.get(type(mapped.tree), "Any")
    listed = role.role == "evaluate"
    block = {
        "name": mapped.name,
        "variable": mapped.scope.variable,
        "type": "list[dict[str, Any]]" if listed else "dict[str, Any]",
        "returns": returns,
        "doc": mapped.doc,
        "expression": expression,
    }
    return block, code


def _aggregate(handler: EvaluateHandler, table: TypeTable) -> tuple[dict[str, str], list[Code]]:
    scopes = [mapped.scope for _, _, mapped in handler.aggregates if mapped is not None]
    scopes += [mapped.scope for _, mapped in handler.keys]
    lines: list[str] = []
    codes: list[Code] = []
    for field, aggregate, argument in handler.aggregates:
        scope = scopes[0] if argument is None else argument.scope
        prefix = f"{text(field)}: "
        code = compile_aggregate(aggregate, scope, table, indent=8, column=8 + len(prefix))
        lines.append(f"        {prefix}{code.expression},\n")
        codes.append(code)
    block = {
        "name": AGGREGATE,
        "variable": "events",
        "type": "list[dict[str, Any]]",
        "returns": "dict[str, Any]",
        "doc": "The fields of a row, from all of its events in the order of their timestamps.",
        "expression": "{\n" + "".join(lines) + "    }",
    }
    return block, codes


def _roles(handler: Handler) -> Iterator[Role]:
    match handler:
        case CommandHandler(effect=effect):
            yield from _of_effect(effect)
        case QueryHandler():
            yield from _maybe(handler.key, "key")
            yield from _maybe(handler.fields, "fields")
        case ViewHandler():
            for projection in handler.projections:
                yield Role(projection.key, "key")
                yield from _maybe(projection.fields, "fields")
                yield from _maybe(projection.when, "when")
        case CollectHandler():
            for _, mapped in handler.correlations:
                yield Role(mapped, "correlation")
        case EvaluateHandler():
            for _, mapped in handler.keys:
                yield Role(mapped, "key")
            yield from _maybe(handler.evaluate, "evaluate")
        case ReactionHandler():
            yield from _maybe(handler.when, "when")
            yield from _of_effect(handler.effect)
        case TransitionsHandler():
            for step in handler.steps:
                yield from _of_effect(step.publish)
        case JoinHandler():
            yield from _of_effect(handler.publish)
        case ChangesHandler():
            for change in handler.captured:
                yield from _of_captured(change)
        case OwnHandler() | LakeHandler() | MonitorHandler():
            return


def _of_captured(change: CapturedChange) -> Iterator[Role]:
    yield from _of_effect(change.publish)


def _of_effect(effect: WriteRow | Publish | Mapped) -> Iterator[Role]:
    match effect:
        case WriteRow():
            yield from _maybe(effect.key, "key")
            yield from _maybe(effect.fields, "fields")
        case Publish():
            yield Role(effect.fields, "fields")
            yield from _maybe(effect.partition_key, "partition_key")
            yield from _maybe(effect.when, "when")
        case Mapped():
            yield Role(effect, "call")


def _maybe(mapped: Mapped | None, role: str) -> Iterator[Role]:
    if mapped is not None:
        yield Role(mapped, role)
