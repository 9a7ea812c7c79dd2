"""What may be written at a cursor: keys, names, words, types, fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from cncb_compiler.graph.system import LinkedSystem
from cncb_compiler.lsp import keys
from cncb_compiler.lsp.cursor import Cursor, cursors
from cncb_compiler.lsp.expressions import mapping_at, reachable, target_fields
from cncb_compiler.lsp.fields import values
from cncb_compiler.lsp.names import NOTATIONS, OF_A_SERVICE, USING_KEYS, USING_VALUES, Kind, spot
from cncb_compiler.lsp.navigation import Symbols
from cncb_compiler.lsp.scenarios import is_scenario, named_at
from cncb_compiler.mapping.functions import FUNCTIONS, Function
from cncb_compiler.schema.notation import SCALARS
from cncb_compiler.schema.walk import render_type


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing that may be written; `detail` is shown beside it."""

    label: str
    kind: Literal["key", "name", "word", "type", "field", "function"]
    detail: str = ""
    documentation: str = ""


def offers(text: str, offset: int, file: str, symbols: Symbols, system: LinkedSystem | None) -> list[Offer]:
    """All that fits at a character of a file, each label once; `system` as it was when it could last be read."""
    found: dict[str, Offer] = {}
    for cursor in cursors(text, offset):
        for offer in _offers(cursor, file, symbols, system):
            found.setdefault(offer.label, offer)
    return list(found.values())


def _offers(cursor: Cursor, file: str, symbols: Symbols, system: LinkedSystem | None) -> Iterator[Offer]:
    if is_scenario(file):
        yield from _of_scenario(cursor, symbols)
        return
    here = spot(cursor.path, cursor.service)
    root = keys.root_of(file, service=cursor.service is not None)
    if here.below(NOTATIONS):
        if not cursor.on_key:
            yield from (Offer(word, "type") for word in SCALARS)
            yield from _names("type", None, symbols, system)
        return
    if cursor.on_key:
        for name, text in keys.keys(cursor.path, root).items():
            if name not in cursor.keys:
                yield Offer(name, "key", documentation=text)
        kind = USING_KEYS.get(here.pattern)
    else:
        yield from (Offer(word, "word") for word in keys.words(cursor.path, root))
        kind = USING_VALUES.get(here.pattern)
    if kind:
        yield from _names(kind, here.service, symbols, system)
    elif system is not None:
        if not cursor.on_key:
            yield from (Offer(text, "field", detail) for text, detail in values(cursor.path, here, system))
        yield from _fields(cursor, file, system)


def _of_scenario(cursor: Cursor, symbols: Symbols) -> Iterator[Offer]:
    if cursor.on_key:
        for name, text in keys.keys(cursor.path, "Scenario").items():
            if name not in cursor.keys:
                yield Offer(name, "key", documentation=text)
    else:
        yield from (Offer(word, "word") for word in keys.words(cursor.path, "Scenario"))
    for kind in named_at(cursor.path, on_key=cursor.on_key):
        for symbol, found in sorted(symbols.items(), key=lambda item: (item[0].service, item[0].name)):
            if symbol.kind == kind and any(one.declares for one in found):
                yield Offer(f"{symbol.service}.{symbol.name}" if symbol.service else symbol.name, "name", kind)


def _names(kind: Kind, service: str | None, symbols: Symbols, system: LinkedSystem | None) -> Iterable[Offer]:
    """The declared names of a kind; those too of a file that just now cannot be read."""
    known_in = (service or "") if kind in OF_A_SERVICE else ""
    names = {
        one.name
        for one, found in symbols.items()
        if one.kind == kind and one.service == known_in and any(each.declares for each in found)
    }
    names |= _linked(kind, service, system) if system else set()
    return (Offer(name, "name", kind) for name in sorted(names))


def _linked(kind: Kind, service: str | None, system: LinkedSystem) -> set[str]:
    here = system.services.get(service or "")
    match kind:
        case "event":
            return set(system.events)
        case "type":
            return set(system.declared.types)
        case "service":
            return set(system.services)
        case "stream":
            return set(system.streams)
        case "store":
            return {table.name for table in here.tables} if here else set()
        case "outlet":
            return set(here.outlets) if here else set()


def _fields(cursor: Cursor, file: str, system: LinkedSystem) -> Iterator[Offer]:
    mapping = mapping_at(system, file, cursor.path)
    if mapping is None:
        return
    if cursor.on_key:
        for name, known in target_fields(cursor.path, mapping, system.types).items():
            if name not in cursor.keys:
                yield Offer(name, "field", render_type(known.type), known.description)
        return
    for name, known in reachable(cursor.before, mapping, system.types).items():
        yield Offer(name, "field", render_type(known.type) + "?" * known.optional, known.description)
    if not cursor.before.endswith("."):
        yield from (Offer(name, "function", _signature(name, one)) for name, one in FUNCTIONS.items())


def _signature(name: str, function: Function) -> str:
    return f"{name}({', '.join(function.parameters)}{', ...' if function.variadic else ''})"
