"""The names of a file: what it declares and uses, with the characters that each occurrence covers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cncb_compiler.lsp.names import (
    DECLARING_KEYS,
    NOTATIONS,
    OF_A_SERVICE,
    USING_KEYS,
    USING_VALUES,
    Kind,
    Path,
    spot,
)
from cncb_compiler.mapping.expression import ExpressionError, parse_expression
from cncb_compiler.mapping.roots import roots
from cncb_compiler.schema.notation import parse_type
from cncb_compiler.source.location import Location
from cncb_compiler.source.outline import Place
from cncb_compiler.source.positions import PositionIndex
from cncb_compiler.source.spans import narrow

_AGGREGATE = re.compile(r"\s*[a-z]+\(\s*([^\s,()]+)")


@dataclass(frozen=True, slots=True)
class Symbol:
    """Something with a name; `service` is where the name is known, empty where that is the whole system."""

    kind: Kind
    name: str
    service: str = ""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Characters `[start, end)` of a file that name a symbol.

    `bare`: it is an identifier of JMESPath without quotes, and must stay one.
    """

    symbol: Symbol
    file: str
    start: int
    end: int
    declares: bool = False
    bare: bool = False


def occurrences(file: str, index: PositionIndex) -> tuple[Occurrence, ...]:
    """Every name in a file, in the order of the text; of a file with broken syntax, those before the error."""
    root = index.root
    if root is None or root.kind != "map":
        return ()
    found = list(_Reader(file, index, service_of(root)).read(root))
    return tuple(sorted(found, key=lambda one: one.start))


def service_of(root: Place | None) -> str | None:
    """The service that a file declares; None in a file of the system."""
    entry = root.entries.get("service") if root else None
    return entry[1].value if entry and entry[1].kind == "scalar" else None


def repeats_services(index: PositionIndex) -> bool:
    """Whether a service of a file is an alias of another one, so that a name in it stands in both."""
    services = index.root.entries.get("services") if index.root else None
    return services is not None and any(value.kind == "alias" for _, value in services[1].entries.values())


def plain(place: Place) -> Any:
    """The value of a place, its scalars as text, without what stands behind aliases."""
    if place.kind == "map":
        return {name: plain(value) for name, (_, value) in place.entries.items()}
    if place.kind == "list":
        return [plain(item) for item in place.items]
    return place.value


class _Reader:
    """Walks the outline of one file."""

    def __init__(self, file: str, index: PositionIndex, service: str | None) -> None:
        self.file = file
        self.index = index
        self.service = service

    def read(self, root: Place) -> Iterator[Occurrence]:
        if self.service is not None:
            yield self.occurrence("service", root.entries["service"][1], declares=True)
        yield from self.below(root, ())

    def below(self, place: Place, path: Path) -> Iterator[Occurrence]:
        here = spot(path, self.service)
        if here.pattern in NOTATIONS:
            yield from self.types(place, path)
            return
        if place.kind == "map":
            declaring, using = DECLARING_KEYS.get(here.pattern), USING_KEYS.get(here.pattern)
            for name, (key, value) in place.entries.items():
                kind = declaring or (using if name not in ("const", "hook") else None)
                if kind:
                    yield self.occurrence(kind, key, declares=bool(declaring), service=here.service)
                yield from self.below(value, (*path, name))
            yield from self.expressions(place, path)
        elif place.kind == "list":
            for number, item in enumerate(place.items):
                yield from self.below(item, (*path, number))
        elif place.kind == "scalar" and place.value:
            kind = USING_VALUES.get(here.pattern)
            if kind:
                yield self.occurrence(kind, place, service=here.service)

    def occurrence(self, kind: Kind, place: Place, *, declares: bool = False, service: str | None = None) -> Occurrence:
        quote = 1 if place.style in ("'", '"') else 0
        symbol = Symbol(kind, place.value, (service or "") if kind in OF_A_SERVICE else "")
        return Occurrence(symbol, self.file, place.start + quote, place.end - quote, declares)

    def types(self, place: Place, path: Path) -> Iterator[Occurrence]:
        """The named types of a type's notation."""
        for name, at in parse_type(plain(place), Location(self.file, path)).refs:
            span = self.index.span(at)
            word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)").search(self.index.text, *span) if span else None
            if word:
                yield Occurrence(Symbol("type", name), self.file, *word.span())

    def expressions(self, place: Place, path: Path) -> Iterator[Occurrence]:
        """Events that expressions name: those of a join, and those that a collected view counts and sums."""
        here = spot(path, self.service)
        if here.pattern == ("views", "*") and "collect" in place.entries and "fields" in place.entries:
            for _, value in place.entries["fields"][1].entries.values():
                call = _AGGREGATE.match(value.value) if value.kind == "scalar" else None
                if call:
                    yield self.within(call.group(1), value, call.span(1))
        if here.pattern == ("transitions",) and "join" in place.entries:
            joined = plain(place.entries["join"][1])
            for key in ("with", "when"):
                if key in place.entries:
                    yield from self.joined(place.entries[key][1], joined if isinstance(joined, list) else [joined])

    def joined(self, place: Place, events: list[str]) -> Iterator[Occurrence]:
        for inner in (*(value for _, value in place.entries.values()), *place.items):
            yield from self.joined(inner, events)
        if place.kind != "scalar":
            return
        try:
            named = roots(parse_expression(place.value))
        except ExpressionError:
            return
        for name, span in named:
            if name in events:
                bare = span[1] - span[0] == len(name)
                yield self.within(name, place, span if bare else (span[0] + 1, span[1] - 1), bare=bare)

    def within(self, event: str, place: Place, span: tuple[int, int], *, bare: bool = False) -> Occurrence:
        start, end = narrow(self.index.text, place, *span)
        return Occurrence(Symbol("event", event), self.file, start, end, bare=bare)
