"""Which fields hold what is sensitive: because their type says so, or because they are filled from one that does."""

from __future__ import annotations

from collections.abc import Iterator

from cncb_compiler.graph.network import lineage
from cncb_compiler.graph.system import LinkedSystem, Sensitive, prefixes
from cncb_compiler.schema.types import ListOf, MapOf, OneOf, Record, Ref, Scalar, Type, TypeTable


def sensitive_fields(system: LinkedSystem) -> Sensitive:
    """The sensitive fields of a system."""
    fields = set(_declared(system))
    if not fields:
        return Sensitive()
    filled: dict[str, list[str]] = {}
    for target, source, _ in lineage(system):
        for prefix in prefixes(source):
            filled.setdefault(prefix, []).append(target)
    waiting = list(fields)
    while waiting:
        for target in filled.get(waiting.pop(), ()):
            if target not in fields:
                fields.add(target)
                waiting.append(target)
    by_origin: dict[str, list[str]] = {}
    for field in sorted(fields):
        if sum(prefix in fields for prefix in prefixes(field)) == 1:
            origin, _, path = field.partition("#")
            by_origin.setdefault(origin, []).append(path)
    return Sensitive(frozenset(fields), {origin: tuple(paths) for origin, paths in by_origin.items()})


def _declared(system: LinkedSystem) -> Iterator[str]:
    known: dict[str, tuple[str, ...]] = {}
    table = system.types
    for event in system.events.values():
        for path in _sensitive(event.record, table, known):
            yield f"event:{event.name}#{path}"
    for service in system.services.values():
        for store in service.stores.values():
            for path in _sensitive(store.record, table, known):
                yield f"{store.origin}#{path}"
        for outlet in service.outlets.values():
            for path in _sensitive(outlet.record, table, known):
                yield f"{outlet.origin}#{path}"
        for command in service.commands:
            if command.input is not None:
                for path in _sensitive(command.input, table, known):
                    yield f"command:{service.name}.{command.construct.name}#input.{path}"


def _sensitive(type_: Type, table: TypeTable, known: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The outermost sensitive fields inside a type, by path; `known` are those of named types."""
    match type_:
        case Ref(name):
            if name not in known:
                # Until it is known, a type within itself adds nothing.
                known[name] = ()
                known[name] = _sensitive(table.resolve(type_), table, known)
            return known[name]
        case Record():
            found: list[str] = []
            for name, field in type_.fields.items():
                if field.sensitive:
                    found.append(name)
                elif not isinstance(field.type, Scalar):
                    found += [_joined(name, path) for path in _sensitive(field.type, table, known)]
            return tuple(found)
        case ListOf(item):
            return tuple(_joined("[]", path) for path in _sensitive(item, table, known))
        case MapOf(value):
            return tuple(_joined("*", path) for path in _sensitive(value, table, known))
        case OneOf(options):
            return tuple(path for option in options for path in _sensitive(option, table, known))
        case _:
            return ()


def _joined(name: str, path: str) -> str:
    return f"{name}{path}" if path.startswith("[]") else f"{name}.{path}"
