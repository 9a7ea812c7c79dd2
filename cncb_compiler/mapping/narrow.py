"""A whole object mapped onto a type with fewer fields: only the declared ones are taken, so that nothing else leaks."""

from __future__ import annotations

from cncb_compiler.mapping.emitter import ATOM, OR, Emitter, Value
from cncb_compiler.mapping.layout import Block, Code, join, text
from cncb_compiler.mapping.typed import Typed
from cncb_compiler.schema.types import ListOf, MapOf, Record, Ref, Type, TypeTable


def is_wider(source: Type, target: Type, table: TypeTable, seen: frozenset[tuple[str, str]] = frozenset()) -> bool:
    """Whether values of `source` have declared fields, at any depth, that `target` does not declare."""
    if source is target or (isinstance(source, Ref) and isinstance(target, Ref) and source.name == target.name):
        return False
    if isinstance(source, Ref) and isinstance(target, Ref):
        if (source.name, target.name) in seen:
            return False
        seen |= {(source.name, target.name)}
    inner, wanted = table.resolve(source), table.resolve(target)
    if isinstance(inner, ListOf) and isinstance(wanted, ListOf):
        return is_wider(inner.item, wanted.item, table, seen)
    if isinstance(inner, MapOf) and isinstance(wanted, MapOf):
        return is_wider(inner.value, wanted.value, table, seen)
    if not isinstance(inner, Record) or not isinstance(wanted, Record) or wanted.open or inner is wanted:
        return False
    return any(
        name not in wanted.fields or is_wider(field.type, wanted.fields[name].type, table, seen)
        for name, field in inner.fields.items()
    )


def narrow(emitter: Emitter, value: Value, target: Type, trail: tuple[str, ...] = ()) -> Code:
    """The code of `value` with the fields that `target` declares, and no others."""
    table = emitter.table
    source = value.typed.type
    name = target.name if isinstance(target, Ref) else None
    if not is_wider(source, target, table) or (name is not None and name in trail):
        # A type within itself is taken as it is: its depth is not known.
        return emitter.code(value)
    if name is not None:
        trail = (*trail, name)
    inner, wanted = table.resolve(source), table.resolve(target)
    if value.typed.optional or (isinstance(inner, Record) and not _is_path(value)):
        return _guarded(emitter, value, target, trail[:-1] if name is not None else trail)
    if isinstance(inner, Record) and isinstance(wanted, Record):
        parts: list[Code] = []
        for field_name, field in wanted.fields.items():
            given = inner.fields.get(field_name)
            if given is None:
                continue
            typed = Typed(given.type, given.optional, ())
            one = _field(value, field_name, typed)
            parts.append(join(f"{text(field_name)}: ", narrow(emitter, one, field.type, trail)))
        return Block("{", tuple(parts), "}")
    if isinstance(inner, ListOf) and isinstance(wanted, ListOf):
        item_type, item_target = inner.item, wanted.item

        def listed(variable: str) -> Code:
            each = narrow(emitter, Value(variable, Typed(item_type, False, ())), item_target, trail)
            return Block("[", (each, join(f"for {variable} in ", emitter.code(value, OR))), "]", comma=False)

        return emitter.variable(value, listed)
    assert isinstance(inner, MapOf) and isinstance(wanted, MapOf)
    value_type, value_target = inner.value, wanted.value

    def mapped(variable: str) -> Code:
        each = narrow(emitter, Value(variable, Typed(value_type, False, ())), value_target, trail)
        items = join(f"for {variable}_key, {variable} in ", emitter.code(value, ATOM), ".items()")
        return Block("{", (join(f"{variable}_key: ", each), items), "}", comma=False)

    return emitter.variable(value, mapped)


def _guarded(emitter: Emitter, value: Value, target: Type, trail: tuple[str, ...]) -> Code:
    def made(variable: str) -> Code:
        inner = narrow(emitter, Value(variable, Typed(value.typed.type, False, ())), target, trail)
        return emitter.helper("apply", emitter.code(value), join(f"lambda {variable}: ", inner))

    return emitter.variable(value, made)


def _is_path(value: Value) -> bool:
    return isinstance(value.code, str) and value.code.isidentifier() and not value.loose


def _field(owner: Value, name: str, typed: Typed) -> Value:
    if typed.optional:
        return Value(owner.code, typed, owner.level, owner.fixed, (name,), safe=True)
    return Value(owner.code, typed, owner.level, (*owner.fixed, name))
