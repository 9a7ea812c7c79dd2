"""Fields inside mappings: what an expression at a place can reach."""

from __future__ import annotations

import re

from cncb_compiler.graph.network import JOINED
from cncb_compiler.graph.system import LinkedMapping, LinkedSystem
from cncb_compiler.lsp.names import Path
from cncb_compiler.schema.types import Field, ListOf, Record, Ref, Type, TypeTable
from cncb_compiler.source.location import Location

_PATH = re.compile(r"""((?:(?:[A-Za-z_]\w*|"[^"]*")(?:\[[^\]]*\])*\.)*)((?:[A-Za-z_]\w*)?)$""")
_NAME = re.compile(r"""(?:^|(?<=\.))([A-Za-z_]\w*|"[^"]*")""")
_SEGMENT = re.compile(r"""([A-Za-z_]\w*|"[^"]*")((?:\[[^\]]*\])*)\.""")


def mapping_at(system: LinkedSystem, file: str, path: Path) -> LinkedMapping | None:
    """The innermost mapping that a path is part of."""
    around = [
        mapping
        for _, mapping in system.mappings
        if mapping.at.file == file and path[: len(mapping.at.path)] == mapping.at.path
    ]
    return max(around, key=lambda mapping: len(mapping.at.path), default=None)


def reachable(before: str, mapping: LinkedMapping, table: TypeTable) -> dict[str, Field]:
    """The fields that may come next, after what stands before the cursor."""
    path = _PATH.search(before)
    record = _walk(mapping.scope.root, path.group(1) if path else "", table)
    return dict(record.fields) if record else {}


def field_at(text: str, offset: int, mapping: LinkedMapping, table: TypeTable) -> tuple[str, Field] | None:
    """The field that the character `offset` of an expression belongs to, and the path up to it."""
    end = offset
    while end < len(text) and (text[end].isalnum() or text[end] == "_"):
        end += 1
    path = _PATH.search(text[:end])
    if path is None or not path.group(2):
        return None
    record = _walk(mapping.scope.root, path.group(1), table)
    known = record.fields.get(path.group(2)) if record else None
    return (path.group(0), known) if known else None


def declared_at(path: str, mapping: LinkedMapping, system: LinkedSystem) -> Location | None:
    """Where the field that a path of a mapping ends at is declared: in an event, a store, a named type, an input."""
    names = [name.strip('"') for name in _NAME.findall(path)]
    origins = _origins(mapping, system)
    if mapping.scope.origin == JOINED or (mapping.scope.variable == "change" and names[:1] in (["old"], ["new"])):
        first, *names = names
    else:
        first = ""
    at = origins.get(first)
    type_: Type | None = at[1] if at else None
    place = at[0] if at else None
    for name in names:
        while isinstance(type_, (Ref, ListOf)):
            if isinstance(type_, ListOf):
                type_ = type_.item
            elif type_.name in system.declared.types:
                place, type_ = system.declared.types[type_.name].at, system.types.named[type_.name]
            else:
                return None
        if not isinstance(type_, Record) or name not in type_.fields or place is None:
            return None
        place, type_ = place / name, type_.fields[name].type
    return place.key() if place and names else None


def _origins(mapping: LinkedMapping, system: LinkedSystem) -> dict[str, tuple[Location, Type]]:
    """What a mapping's scope is made of, each with the declaration of its fields; the scope itself has no name."""
    kind, _, name = mapping.scope.origin.partition(":")
    if mapping.scope.origin == JOINED:
        return {one: _event(one, system) for one in mapping.scope.root.fields if one in system.events}
    if kind == "event" and name in system.events:
        return {"": _event(name, system)}
    service, _, declared = name.partition(".")
    if kind in ("store", "view") and service in system.services:
        for store in system.services[service].tables:
            if store.origin == mapping.scope.origin:
                at = store.construct.at / ("of" if kind == "store" else "fields")
                return dict.fromkeys(("", "old", "new"), (at, store.record))
    if kind in ("command", "query") and service in system.services:
        section = "commands" if kind == "command" else "queries"
        return {"": (system.services[service].at / section / declared, mapping.scope.root)}
    return {}


def _event(name: str, system: LinkedSystem) -> tuple[Location, Type]:
    return system.events[name].at / "with", system.events[name].own


def target_fields(path: Path, mapping: LinkedMapping, table: TypeTable) -> dict[str, Field]:
    """The fields that the map at a path of a mapping can fill."""
    type_: Type | None = mapping.target
    for segment in path[len(mapping.at.path) :]:
        type_ = table.resolve(type_) if type_ is not None else None
        if isinstance(type_, ListOf) and isinstance(segment, int):
            type_ = type_.item
        elif isinstance(type_, Record) and segment in type_.fields:
            type_ = type_.fields[str(segment)].type
        else:
            return {}
    type_ = table.resolve(type_) if type_ is not None else None
    return dict(type_.fields) if isinstance(type_, Record) else {}


def _walk(root: Record, path: str, table: TypeTable) -> Record | None:
    """The record at the end of a path, each segment of which ends with a dot."""
    type_: Type = root
    for name, brackets in _SEGMENT.findall(path):
        if not isinstance(type_, Record) or name.strip('"') not in type_.fields:
            return None
        type_ = table.resolve(type_.fields[name.strip('"')].type)
        if brackets and isinstance(type_, ListOf):
            type_ = table.resolve(type_.item)
    return type_ if isinstance(type_, Record) else None
