"""Examples out of scenarios: events, rows, requests and responses, with values where a scenario has patterns."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cncb_compiler.graph.system import LinkedSystem, Write
from cncb_compiler.scenarios.model import Scenario
from cncb_compiler.scenarios.read import ScenarioFile
from cncb_compiler.scenarios.steps import Call, Event, Invoke, Publish, Put
from cncb_compiler.scenarios.words import is_matcher, literal, reference
from cncb_compiler.schema.notation import SCALARS
from cncb_compiler.schema.sample import sample
from cncb_compiler.schema.types import ANYTHING, Field, ListOf, Record, Ref, Type, TypeTable

MOST = 3
"""How many examples of one thing are shown."""


@dataclass(frozen=True, slots=True)
class Told:
    """A value out of a scenario: its sentence, its file's name, and the value as JSON."""

    sentence: str
    file: str
    value: Any


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request, and what was answered; `answer` is None where the scenario does not say."""

    sentence: str
    file: str
    request: str
    body: Any
    status: Any
    answer: Any


@dataclass(slots=True)
class Examples:
    """By what they are of: events by type, rows by `service.store`, exchanges by route, calls by `service.function`."""

    events: dict[str, list[Told]] = field(default_factory=lambda: defaultdict(list))
    rows: dict[str, list[Told]] = field(default_factory=lambda: defaultdict(list))
    exchanges: dict[str, list[Exchange]] = field(default_factory=lambda: defaultdict(list))
    invocations: dict[str, list[Exchange]] = field(default_factory=lambda: defaultdict(list))
    scenarios: dict[str, list[ScenarioFile]] = field(default_factory=lambda: defaultdict(list))
    """By event type, the scenarios in which it happens."""


def gathered(system: LinkedSystem, files: Sequence[ScenarioFile]) -> Examples:
    """The examples of a system; a scenario that could not be read has none."""
    found = Examples()
    for file in files:
        if file.scenario is not None and not file.found:
            _Reading(system, file, file.scenario, found).read()
    for held in (found.events, found.rows):
        for name, told in held.items():
            held[name] = _chosen(told)
    return found


def shown(value: Any) -> str:
    """A value as JSON, keys as they were written."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def made(record: Record, table: TypeTable, name: str) -> Any:
    """An example that nobody wrote, by the type alone."""
    return sample(record, table, name)


def _chosen(told: Sequence[Told]) -> list[Told]:
    """The fullest ones, each content once; of those that are alike the first."""
    fullest = sorted(told, key=lambda one: -len(json.dumps(one.value)))
    unlike = {json.dumps(one.value, sort_keys=True): one for one in reversed(fullest)}
    return list(unlike.values())[::-1][:MOST]


class _Reading:
    """One scenario. What it binds to a name is one value all over it."""

    def __init__(self, system: LinkedSystem, file: ScenarioFile, scenario: Scenario, found: Examples) -> None:
        self._system = system
        self._file = file
        self._scenario = scenario
        self._found = found
        self._bound: dict[str, Any] = {}

    def read(self) -> None:
        scenario = self._scenario
        for event in scenario.given.events:
            self._published(event)
        for step in scenario.when:
            if isinstance(step, Publish):
                self._published(step)
            elif isinstance(step, Call):
                self._called(step)
            elif isinstance(step, Invoke):
                self._invoked(step)
            elif isinstance(step, Put):
                self._row(step.put, step.row)
        for expected in (*(scenario.then.events.exactly or ()), *(scenario.then.events.some or ())):
            for name, data in expected.items():
                self._event(name, data or {})
        for place, rows in scenario.given.rows.items():
            for row in rows:
                self._row(place, row)
        for place, written in scenario.then.rows.items():
            for row in written.written:
                self._row(place, row)
        for objects in (scenario.given.objects, scenario.then.objects):
            for place, by_key in objects.items():
                for content in by_key.values():
                    self._row(place, content)

    def _told(self, value: Any) -> Told:
        return Told(self._scenario.scenario, self._file.source.name, value)

    def _published(self, event: Event) -> None:
        said = {
            "id": event.id,
            "type": event.publish,
            "timestamp": event.timestamp,
            "partitionKey": event.partition_key,
        }
        whole = {key: value for key, value in said.items() if value is not None} | event.data
        self._event(event.publish, whole)
        if event.as_ is not None:
            self._bound.setdefault(event.as_, whole)

    def _event(self, name: str, data: Any) -> None:
        linked = self._system.events.get(name)
        if linked is None or not isinstance(data, dict):
            return
        self._found.events[name].append(self._told(self._concrete({"type": name, **data}, linked.record, name)))
        if self._file not in self._found.scenarios[name]:
            self._found.scenarios[name].append(self._file)

    def _row(self, place: str, row: Any) -> None:
        service, _, name = place.partition(".")
        linked = self._system.services.get(service)
        store = next((one for one in linked.tables if one.name == name), None) if linked is not None else None
        value = self._concrete(row, store.record if store is not None else ANYTHING, name)
        if isinstance(value, dict) and value:
            self._found.rows[place].append(self._told(value))

    def _called(self, step: Call) -> None:
        taken, given = self._types(step.call)
        path = self._concrete(step.path, ANYTHING, "path")
        query = self._concrete(step.query, ANYTHING, "query")
        request = step.call
        for name, value in path.items():
            request = request.replace(f"{{{name}}}", str(value)).replace(f"{{{name}+}}", str(value))
        if query:
            request += "?" + "&".join(f"{name}={value}" for name, value in query.items())
        body = self._concrete(step.body, taken, "body")
        status = self._concrete(step.returns.status, ANYTHING, "status") if step.returns else None
        answer = self._concrete(step.returns.body, given, "answer") if step.returns else None
        self._exchange(self._found.exchanges[step.call], request, body, status, answer)

    def _types(self, route: str) -> tuple[Type, Type]:
        """What a route takes and answers."""
        for service in self._system.services.values():
            for command in service.commands:
                if command.decl.route == route:
                    effect = command.effect
                    return command.input or ANYTHING, effect.store.record if isinstance(effect, Write) else ANYTHING
            for query in service.queries:
                if query.decl.route == route:
                    row = query.fields.type if query.fields is not None else query.store.record
                    return ANYTHING, row if query.mode == "one" else Record({"items": Field(ListOf(row))})
        return ANYTHING, ANYTHING

    def _invoked(self, step: Invoke) -> None:
        payload = self._concrete(step.payload, ANYTHING, "payload")
        answer = self._concrete(step.returns, ANYTHING, "answer")
        self._exchange(self._found.invocations[step.invoke], f"invoke {step.invoke}", payload, None, answer)

    def _exchange(self, held: list[Exchange], request: str, body: Any, status: Any, answer: Any) -> None:
        told = self._scenario.scenario, self._file.source.name
        held.append(Exchange(*told, request, body, status, answer))

    def _concrete(self, value: Any, type_: Type, seed: str) -> Any:
        """A value in place of a pattern: what was bound, what a literal says, or an example of what must be there."""
        if is_matcher(value):
            return self._matched(value, type_, seed)
        named = reference(value)
        if named is not None:
            return self._resolved(*named, type_, seed)
        if isinstance(value, str):
            return literal(value)
        resolved = self._system.types.resolve(type_)
        if isinstance(value, list):
            item = resolved.item if isinstance(resolved, ListOf) else ANYTHING
            return [self._concrete(one, item, f"{seed}.{number}") for number, one in enumerate(value)]
        if isinstance(value, dict):
            return dict(self._fields(value, resolved, seed))
        return value

    def _fields(self, value: dict[str, Any], type_: Type, seed: str) -> Iterator[tuple[str, Any]]:
        known: Mapping[str, Any] = type_.fields if isinstance(type_, Record) else {}
        for name, one in value.items():
            if not (is_matcher(one) and one.get("gone")):
                yield str(name), self._concrete(one, known[name].type if name in known else ANYTHING, f"{seed}.{name}")

    def _matched(self, matcher: dict[str, Any], type_: Type, seed: str) -> Any:
        name = matcher.get("as")
        if name in self._bound:
            return self._bound[name]
        if "exactly" in matcher:
            value = self._concrete(matcher["exactly"], type_, seed)
        elif "matches" in matcher:
            value = f"matches: {matcher['matches']}"
        else:
            said = matcher.get("is")
            wanted = SCALARS.get(said) or (Ref(said) if said in self._system.types.named else None) if said else None
            value = self._sample(wanted or type_, name or seed)
        if name is not None:
            self._bound[name] = value
        return value

    def _resolved(self, name: str, path: tuple[str, ...], type_: Type, seed: str) -> Any:
        if name not in self._bound and not path:
            self._bound[name] = self._sample(type_, name)
        value = self._bound.get(name)
        for segment in path:
            value = value.get(segment) if isinstance(value, dict) else None
        return self._sample(type_, f"{name}.{'.'.join(path)}") if value is None else value

    def _sample(self, type_: Type, seed: str) -> Any:
        """An example by the type; of what has none its name."""
        if type_ is ANYTHING:
            return seed.rpartition(".")[2]
        return sample(type_, self._system.types, seed)
