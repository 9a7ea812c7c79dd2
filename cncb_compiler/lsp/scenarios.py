"""Scenarios in an editor: the names in them, and what does not fit the system that they are about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path as FilePath

from cncb_compiler.diagnostics.diagnostic import Diagnostic
from cncb_compiler.graph.system import LinkedSystem
from cncb_compiler.lsp.names import Kind, Path
from cncb_compiler.lsp.symbols import Occurrence, Symbol
from cncb_compiler.operate.names import Names
from cncb_compiler.plan.service import ServicePlan
from cncb_compiler.scenarios import check, read
from cncb_compiler.source.files import SourceFile
from cncb_compiler.source.outline import Place
from cncb_compiler.source.positions import PositionIndex
from cncb_compiler.source.read import is_source_file

EVENT_VALUES = ("publish",)
STREAM_VALUES = ("stream",)
SERVICE_VALUES = ("service",)
PLACE_VALUES = (
    "function",
    "invoke", "put", "remove", "upload", "expire", "replay", "resubmit", "duplicate", "shuffle", "kill", "throttle",
)  # fmt: skip
"""Keys of steps and switches whose values are names; a place is `SERVICE.NAME`."""

PLACE_KEYS = ("rows", "objects", "messages", "metrics", "calls")
"""Keys of `given` and `then` whose maps have places as keys."""


_DERIVED = re.compile(r"^(?:(?P<pair>collect-|join-)|view-|evaluate-|index-|changes-)(?P<of>.+)$|^(?P<kept>.+)-events$")
"""The names of functions and tables that follow from those of stores, views, and the events of transitions."""

_KEYS: Mapping[str, tuple[Kind, ...]] = {
    "rows": ("store",),
    "objects": ("store",),
    "messages": ("outlet",),
    "failed": ("service",),
    "lake": ("stream",),
    "events": ("event",),
    "some": ("event",),
    "exactly": ("event",),
}
_VALUES: Mapping[str, tuple[Kind, ...]] = {
    **dict.fromkeys(("publish", "types", "events", "some", "exactly"), ("event",)),
    **dict.fromkeys(("put", "remove", "upload", "expire"), ("store",)),
    "throttle": ("store", "stream"),
    "service": ("service",),
    "stream": ("stream",),
}


def is_scenario(name: str) -> bool:
    """Whether a system's file of this name is a scenario."""
    folder, _, file = name.rpartition("/")
    return folder == read.FOLDER and is_source_file(file)


def named_at(path: Path, *, on_key: bool) -> tuple[Kind, ...]:
    """The kinds of names that may be written at a path of a scenario: as keys of the map there, or as its value."""
    last = next((segment for segment in reversed(path) if isinstance(segment, str)), "")
    if on_key:
        return _KEYS.get(last, ())
    return _VALUES.get(last, ())


def on_disk(root: FilePath) -> tuple[SourceFile, ...]:
    """The readable scenarios of a system."""
    return tuple(one.source for one in read.scenarios(root))


def findings(files: Iterable[SourceFile], system: LinkedSystem, plans: Iterable[ServicePlan]) -> list[Diagnostic]:
    """What `cncb test` would say of the scenarios before it runs them."""
    names = Names(system, plans)
    parsed = [read.parsed(file.name.rpartition("/")[2].rpartition(".")[0], file) for file in files]
    return [one for file in parsed for one in check.check(file, names)]


def occurrences(file: str, index: PositionIndex) -> tuple[Occurrence, ...]:
    """Every name of the system in a scenario, in the order of the text."""
    root = index.root
    if root is None or root.kind != "map":
        return ()
    found = [*_given(file, root), *_steps(file, _at(root, "when")), *_then(file, _at(root, "then"))]
    return tuple(sorted(found, key=lambda one: one.start))


def _given(file: str, root: Place) -> Iterator[Occurrence]:
    given = _at(root, "given")
    yield from _steps(file, _at(given, "events"))
    yield from _steps(file, _at(given, "switches"))
    yield from _places(file, given)


def _then(file: str, then: Place | None) -> Iterator[Occurrence]:
    yield from _places(file, then)
    yield from _keys(file, _at(then, "failed"), "service")
    yield from _keys(file, _at(then, "lake"), "stream")
    for section in ("faults", "monitor"):
        yield from _steps(file, _at(then, section))
    events = _at(then, "events")
    for expected in (events, _at(events, "some"), _at(events, "exactly")):
        for item in expected.items if expected else ():
            yield from [_one(file, item, "event")] if item.kind == "scalar" else _keys(file, item, "event")


def _steps(file: str, steps: Place | None) -> Iterator[Occurrence]:
    for step in steps.items if steps else ():
        for key, (_, value) in step.entries.items():
            if value.kind == "scalar":
                yield from _value(file, key, value)
            elif key == "publish":
                yield from (one for name, (_, inner) in value.entries.items() for one in _value(file, name, inner))
            elif key == "types":
                yield from (_one(file, item, "event") for item in value.items)


def _value(file: str, key: str, value: Place) -> Iterator[Occurrence]:
    if key in PLACE_VALUES and "." in value.value:
        yield from _place(file, value)
    elif key in EVENT_VALUES:
        yield _one(file, value, "event")
    elif key in SERVICE_VALUES:
        yield _one(file, value, "service")
    elif key in STREAM_VALUES or key == "throttle":
        yield _one(file, value, "stream")


def _places(file: str, part: Place | None) -> Iterator[Occurrence]:
    for section in PLACE_KEYS:
        named = _at(part, section)
        for key, _ in named.entries.values() if named else ():
            yield from _place(file, key, "outlet" if section == "messages" else "store")


def _place(file: str, place: Place, kind: Kind = "store") -> Iterator[Occurrence]:
    service, dot, name = place.value.partition(".")
    start = place.start + (place.style in ("'", '"'))
    if dot and place.end - start >= len(place.value):
        yield Occurrence(Symbol("service", service), file, start, start + len(service))
        begin = start + len(service) + 1
        yield Occurrence(Symbol(kind, name, service), file, begin, begin + len(name))
        for group, one in _derived(name, service):
            yield Occurrence(one, file, begin + group[0], begin + group[1])


def _derived(name: str, service: str) -> Iterator[tuple[tuple[int, int], Symbol]]:
    """The names that a derived one is made of, each with its characters: what is declared of them, it is."""
    found = _DERIVED.match(name)
    if found:
        part = "of" if found["of"] else "kept"
        yield found.span(part), Symbol("store", found[part], service)
        if found["pair"]:
            yield found.span(part), Symbol("event", found[part])


def _keys(file: str, named: Place | None, kind: Kind) -> Iterator[Occurrence]:
    for key, _ in named.entries.values() if named else ():
        yield _one(file, key, kind)


def _one(file: str, place: Place, kind: Kind) -> Occurrence:
    quote = place.style in ("'", '"')
    return Occurrence(Symbol(kind, place.value), file, place.start + quote, place.end - quote)


def _at(place: Place | None, key: str) -> Place | None:
    entry = place.entries.get(key) if place else None
    return entry[1] if entry else None
