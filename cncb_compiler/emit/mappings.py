"""The mapping module of a package: each mapping as one function, compiled to straight Python."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cncb_compiler.emit.templates import rendered
from cncb_compiler.mapping.aggregate import compile_aggregate
from cncb_compiler.mapping.layout import text
from cncb_compiler.mapping.python import Code, compile_condition, compile_mapping
from cncb_compiler.mapping.scope import Scope
from cncb_compiler.mapping.tree import Expression, Items, Nested
from cncb_compiler.plan.handlers import (
    CapturedChange,
    ChangesHandler,
    CollectHandler,
    CommandHandler,
    EvaluateHandler,
    EventIndexHandler,
    Handler,
    JoinHandler,
    LakeHandler,
    Mapped,
    MonitorHandler,
    ObjectIndexHandler,
    OwnHandler,
    Publish,
    QueryHandler,
    ReactionHandler,
    SendMessage,
    TransitionsHandler,
    ViewHandler,
    WriteRow,
)
from cncb_compiler.plan.operators import NONE, Aggregates, Operators
from cncb_compiler.schema.types import TypeTable

AGGREGATE = "aggregate"
"""The function that computes a row's fields from collected events."""

REDUCED = "reduced"
"""The function that makes one of the events of a group."""


@dataclass(frozen=True, slots=True)
class Role:
    """A mapping; its role is `key`, `fields`, `partition_key`, `when`, `correlation`, `call`, `evaluate`, `compact`."""

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


def operators_of(handler: Handler) -> Operators:
    """The operators of a handler; one that is asked has none, nor has what indexes objects."""
    without = (CommandHandler, QueryHandler, LakeHandler, EventIndexHandler, MonitorHandler, ObjectIndexHandler)
    return NONE if isinstance(handler, without) else handler.operators


def mapping_module(handler: Handler, doc: str, table: TypeTable) -> MappingModule | None:
    """The mapping module of a handler; None where it maps nothing."""
    roles = mappings_of(handler)
    functions = [_function(role, table) for role in roles]
    codes = [code for _, code in functions]
    blocks = [block for block, _ in functions]
    if isinstance(handler, EvaluateHandler) and handler.aggregates:
        scopes = [mapped.scope for _, mapped in handler.keys]
        block, more = _aggregate(AGGREGATE, "a row", handler.aggregates, scopes, table)
        blocks.append(block)
        codes += more
    reduced = operators_of(handler).reduced
    if reduced:
        scopes = [role.mapped.scope for role in roles if role.role == "call"]
        block, more = _aggregate(REDUCED, "a group", reduced, scopes, table)
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
    listed = role.role == "evaluate" or (role.role == "call" and mapped.scope.variable == "events")
    block = {
        "name": mapped.name,
        "variable": mapped.scope.variable,
        "type": "list[dict[str, Any]]" if listed else "dict[str, Any]",
        "returns": returns,
        "doc": mapped.doc,
        "expression": expression,
    }
    return block, code


def _aggregate(
    name: str,
    of: str,
    aggregates: Aggregates,
    scopes: list[Scope],
    table: TypeTable,
) -> tuple[dict[str, str], list[Code]]:
    scopes = [mapped.scope for _, _, mapped in aggregates if mapped is not None] + scopes
    lines: list[str] = []
    codes: list[Code] = []
    for field, aggregate, argument in aggregates:
        scope = scopes[0] if argument is None else argument.scope
        prefix = f"{text(field)}: "
        code = compile_aggregate(aggregate, scope, table, indent=8, column=8 + len(prefix))
        lines.append(f"        {prefix}{code.expression},\n")
        codes.append(code)
    block = {
        "name": name,
        "variable": "events",
        "type": "list[dict[str, Any]]",
        "returns": "dict[str, Any]",
        "doc": f"The fields of {of}, from all of its events in the order of their timestamps.",
        "expression": "{\n" + "".join(lines) + "    }",
    }
    return block, codes


def _roles(handler: Handler) -> Iterator[Role]:
    for _, mapped in operators_of(handler).compact:
        yield Role(mapped, "compact")
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
        case OwnHandler() | LakeHandler() | EventIndexHandler() | MonitorHandler() | ObjectIndexHandler():
            return


def _of_captured(change: CapturedChange) -> Iterator[Role]:
    yield from _of_effect(change.publish)


def _of_effect(effect: WriteRow | Publish | Mapped | SendMessage) -> Iterator[Role]:
    match effect:
        case WriteRow():
            yield from _maybe(effect.key, "key")
            yield from _maybe(effect.fields, "fields")
        case Publish():
            yield Role(effect.fields, "fields")
            yield from _maybe(effect.partition_key, "partition_key")
            yield from _maybe(effect.when, "when")
        case SendMessage():
            yield Role(effect.fields, "fields")
        case Mapped():
            yield Role(effect, "call")


def _maybe(mapped: Mapped | None, role: str) -> Iterator[Role]:
    if mapped is not None:
        yield Role(mapped, role)
