"""New declarations in a system that exists: each gives the change to make, and writes nothing."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from cncb_compiler.emit.templates import rendered
from cncb_compiler.graph.system import LinkedService, LinkedSystem
from cncb_compiler.passes import Analysis
from cncb_compiler.scaffold.change import Change, ScaffoldError, refuse_unknown
from cncb_compiler.scaffold.fill import filled, sources
from cncb_compiler.scaffold.insert import flow, inserted
from cncb_compiler.scaffold.names import entity_of, plural, type_of, written
from cncb_compiler.scaffold.pick import is_published, picked, view_of
from cncb_compiler.schema.types import Record

SCHEMA_FILE = "cncb.schema.json"
EVENTS_FILE = "events.yaml"

_MODELINE = re.compile(r"^# yaml-language-server: \$schema=(\S+)", re.MULTILINE)


def new_service(analysis: Analysis, name: str) -> Change:
    """A service in a file of its own: a view of an event that is published, else a store, with a query."""
    system = analysis.linked
    if name in system.services and not system.services[name].implied:
        _exists(f"service `{name}`", system.services[name].at.file)
    file = f"services/{name}.yaml"
    if os.path.lexists(analysis.source.root / file):
        raise ScaffoldError(f"`{file}` exists already; nothing is written over it.")
    texts: dict[str, str] = {}
    values: dict[str, Any] = {
        "modeline": _modeline(analysis, file, texts),
        "name": written(name),
        "owner": flow(system.declared.owner or name),
    }
    if any(is_published(system, event) for event in system.events):
        event = picked(system, None, None)
        key, fields = view_of(system, event)
        rows = plural(event.decl.entity or "row")
        texts[file] = _text(
            "service-view", **values, rows=written(rows), event=written(event.name), key=key, fields=fields
        )
    else:
        texts[file] = _text("service-store", **values)
    return Change(texts, (f"service `{name}` in {file}",))


def new_event(analysis: Analysis, name: str) -> Change:
    """An event in the file that holds most events."""
    if name in analysis.linked.events:
        _exists(f"event `{name}`", analysis.linked.events[name].at.file)
    entity = entity_of(name)
    of = _entity_type(analysis.linked, entity)
    entry = _text("event", name=written(name), entity=entity, type=of)
    texts: dict[str, str] = {}
    file = _events_file(analysis)
    text = _texts(analysis).get(file) or f"{_modeline(analysis, file, texts)}\n"
    texts[file] = inserted(text, file, ("events",), entry)
    return Change(texts, (f"event `{name}` in {file}",))


def new_view(analysis: Analysis, name: str, service: str | None, on: str | None) -> Change:
    """A view of one event."""
    into = _service(analysis, service)
    _absent(into, "view", name, into.decl.views)
    event = picked(analysis.linked, into, on)
    key, fields = view_of(analysis.linked, event)
    entry = _text("view", name=written(name), event=written(event.name), key=key, fields=fields)
    return _in_service(analysis, into, "views", entry, f"view `{name}` of `{event.name}`")


def new_transition(analysis: Analysis, name: str, service: str | None, on: str | None, emit: str | None) -> Change:
    """A step of a process. `name` is the event that it emits, declared too if there is none; with `emit` a remark."""
    into = _service(analysis, service)
    system = analysis.linked
    emitted = emit or name
    if emit is not None and emit not in system.events:
        refuse_unknown("an event", emit, sorted(system.events))
    trigger = picked(system, into, on, without=emitted)
    if any(one.emission.event == emitted and trigger.name in one.events for one in into.transitions):
        _exists(f"transition from `{trigger.name}` to `{emitted}`", into.at.file)
    declared = new_event(analysis, emitted) if emitted not in system.events else Change({}, ())
    own = system.events[emitted].own if emitted in system.events else _own_of_new(system, emitted)
    available = [*sources(trigger.own, system.types)]
    entry = _text(
        "transition",
        description=flow(f"{name}.") if emit else "",
        on=written(trigger.name),
        emit=written(emitted),
        fields=_shown(filled(own, available, system.types)),
    )
    change = _in_service(
        analysis, into, "transitions", entry, f"transition from `{trigger.name}` to `{emitted}`", declared.texts
    )
    return Change(change.texts, (*declared.made, *change.made))


def new_command(analysis: Analysis, name: str, service: str | None, emit: str | None) -> Change:
    """A command that writes a store of the service (one is made if it has none), or with `emit` publishes an event."""
    into = _service(analysis, service)
    _absent(into, "command", name, into.decl.commands)
    routes = {command.route for command in into.decl.commands.values()}
    values: dict[str, Any] = {
        "name": written(name),
        "route": f"POST /{name}" if f"POST /{name}" not in routes else "",
        "auth": "" if into.decl.api.auth else "iam",
    }
    if emit is not None:
        if emit not in analysis.linked.events:
            refuse_unknown("an event", emit, sorted(analysis.linked.events))
        given = analysis.linked.events[emit].decl.with_
        entry = _text("command", **values, input=flow(given) if given else "", key="publish", target=written(emit))
        return _in_service(analysis, into, "commands", entry, f"command `{name}` that publishes `{emit}`")
    stores = sorted(into.decl.stores)
    before: Mapping[str, str] = {}
    made: tuple[str, ...] = ()
    if not stores:
        store = next(one for one in (into.name, f"{into.name}-records") if one not in into.decl.views)
        of: Any = {"id": "uuid", "name": "string"}
        stores = [store]
        entry = f"{written(store)}: {{of: {flow(of)}}}\n"
        first = _in_service(analysis, into, "stores", entry, f"store `{store}`")
        before, made = first.texts, first.made
    else:
        of = into.decl.stores[stores[0]].of
    entry = _text("command", **values, input=flow(of), key="write", target=written(stores[0]))
    change = _in_service(analysis, into, "commands", entry, f"command `{name}` that writes `{stores[0]}`", before)
    return Change(change.texts, (*made, *change.made))


def _text(template: str, **values: Any) -> str:
    return rendered(f"new/{template}.yaml.j2", **values).decode()


def _texts(analysis: Analysis) -> dict[str, str]:
    return {file.name: file.text for file in analysis.source.files}


def _exists(what: str, file: str) -> None:
    raise ScaffoldError(f"The {what} exists already, in `{file}`; nothing is written over it.")


def _absent(service: LinkedService, noun: str, name: str, there: Mapping[str, object]) -> None:
    if name in there:
        _exists(f"{noun} `{name}` of `{service.name}`", service.at.file)


def _service(analysis: Analysis, name: str | None) -> LinkedService:
    """The service by that name; without one, the only service."""
    declared = {service.name: service for service in analysis.linked.services.values() if not service.implied}
    if name is None:
        if len(declared) != 1:
            raise ScaffoldError(f"Say which service with `--service`: {', '.join(declared) or 'there is none yet'}.")
        return next(iter(declared.values()))
    if name not in declared:
        refuse_unknown("a service", name, list(declared))
    return declared[name]


def _in_service(
    analysis: Analysis,
    service: LinkedService,
    section: str,
    entry: str,
    what: str,
    before: Mapping[str, str] | None = None,
) -> Change:
    """A change that adds an entry to a section of a service, on top of the texts of a change before it."""
    file = service.at.file
    texts = dict(before or {})
    text = texts.get(file) or _texts(analysis)[file]
    path = tuple(str(segment) for segment in (*service.at.path, section))
    texts[file] = inserted(text, file, path, entry)
    return Change(texts, (f"{what} in {file}",))


def _events_file(analysis: Analysis) -> str:
    """The file that holds most events; in a system without any, `events.yaml`, or the only file there is."""
    counts: dict[str, int] = {}
    for event in analysis.linked.events.values():
        counts[event.at.file] = counts.get(event.at.file, 0) + 1
    if counts:
        return min(counts, key=lambda file: (-counts[file], file))
    files = list(_texts(analysis))
    return files[0] if len(files) == 1 else EVENTS_FILE


def _entity_type(system: LinkedSystem, entity: str) -> str:
    """The entity's type if it is declared and has an id, else a record of an id."""
    name = type_of(entity)
    record = system.types.named.get(name)
    known = isinstance(record, Record) and "id" in record.fields and not record.fields["id"].optional
    return name if known else "{id: uuid}"


def _own_of_new(system: LinkedSystem, event: str) -> Record:
    """The fields that `new_event` gives an event."""
    from cncb_compiler.schema.types import UUID, Field, Ref

    entity = entity_of(event)
    name = _entity_type(system, entity)
    of = Ref(name) if not name.startswith("{") else Record({"id": Field(UUID)})
    return Record({entity: Field(of)})


def _shown(fields: dict[str, Any]) -> dict[str, str]:
    return {name: flow(value) for name, value in fields.items()}


def _modeline(analysis: Analysis, file: str, texts: dict[str, str]) -> str:
    """The editor's first line, like that of the system's other files; where there is none, with a schema beside."""
    depth = "../" * file.count("/")
    for name, text in _texts(analysis).items():
        found = _MODELINE.search(text)
        if found is None:
            continue
        target = found.group(1)
        if "://" in target or target.startswith("/"):
            return f"# yaml-language-server: $schema={target}"
        around = os.path.normpath(PurePosixPath(name).parent / target).replace(os.sep, "/")
        return f"# yaml-language-server: $schema={depth}{around}"
    if not (analysis.source.root / SCHEMA_FILE).exists():
        from cncb_compiler.scaffold.system import schema_text

        texts[SCHEMA_FILE] = schema_text()
    return f"# yaml-language-server: $schema={depth}{SCHEMA_FILE}"
