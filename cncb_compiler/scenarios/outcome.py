"""The outcome of a scenario: what must be, held against what is, and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cncb_compiler.graph.system import LinkedStore
from cncb_compiler.operate.names import Names
from cncb_compiler.scenarios import model
from cncb_compiler.scenarios.calls import check_calls
from cncb_compiler.scenarios.findings import FAULT, FailedError, Seen, check_each, check_events, events_of
from cncb_compiler.scenarios.kept import check_lake
from cncb_compiler.scenarios.match import shown
from cncb_compiler.scenarios.pairing import Candidate
from cncb_compiler.scenarios.stored import Holdings, changes, check_objects, check_rows
from cncb_compiler.scenarios.words import Bindings, escaped, literal, object_key
from cncb_compiler.scenarios.world import Asked, World


@dataclass(slots=True)
class Facts:
    """What a run leaves for its outcome to be judged by.

    `mark` and `asked` are how many records and external requests there were before the first step. `published` are
    the ids of the scenario's own events, `raw` its own records that are none, `own_rows` and `own_objects` what it
    wrote by hand in its steps (None: removed), `given_keys` the rows that were there before, `idle` the switches that
    never made trouble.
    """

    before: Holdings = field(default_factory=Holdings)
    after: Holdings = field(default_factory=Holdings)
    mark: int = 0
    asked: int = 0
    published: set[str] = field(default_factory=set)
    raw: set[bytes] = field(default_factory=set)
    own_rows: dict[str, dict[str, dict[str, Any] | None]] = field(default_factory=dict)
    own_objects: dict[str, dict[str, Any]] = field(default_factory=dict)
    given_keys: dict[str, set[str]] = field(default_factory=dict)
    idle: list[FailedError] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reached:
    """What a scenario made happen, for coverage: its events, and the places whose rows or objects were written."""

    events: tuple[Seen, ...] = ()
    written: frozenset[str] = frozenset()


class Outcome:
    """Judges one run by its facts; `bindings` grow as expectations bind names."""

    def __init__(self, scenario: model.Scenario, names: Names, world: World, facts: Facts) -> None:
        self.scenario = scenario
        self.names = names
        self.types = names.system.types
        self.world = world
        self.facts = facts
        self.bindings: Bindings = {}

    def check(self, bindings: Bindings) -> None:
        """Compare everything. Raises FailedError with the first difference."""
        then = self.scenario.then
        self.bindings = bindings
        seen = self._seen()
        expected = then.events.exactly if then.events.exactly is not None else then.events.some or ()
        faults = [self._fault(one.event) for one in seen if one.type == FAULT]
        self._unanswered()
        if not then.faults:
            # Faults that nobody expects come first: they are why other things are missing.
            self._faults(faults)
        whole = then.events.exactly is not None
        self.bindings = check_events(expected, whole, seen, self.bindings, self.types)
        self._rows()
        self._objects()
        self._requests()
        self._faults(faults)
        self._failed()
        self._messages()
        self._metrics()
        self._kept()
        self._calls()
        # A scenario that holds without the trouble that it speaks of has proved nothing.
        for switch in self.facts.idle:
            raise switch

    def _seen(self) -> list[Seen]:
        records = self.world.records()
        earlier = {json.dumps(dict(one.event), sort_keys=True) for one in self._events(records[: self.facts.mark])}
        # What was already there is the same event, even if it is published again.
        since = self._events(records[self.facts.mark :])
        return [one for one in since if json.dumps(dict(one.event), sort_keys=True) not in earlier]

    def _events(self, records: Any) -> list[Seen]:
        return events_of(records, frozenset(self.facts.published), frozenset(self.facts.raw))

    def _fault(self, event: Mapping[str, Any]) -> Candidate:
        function = f"{event.get('tags', {}).get('service', '?')}.{event.get('pipeline', '?')}"
        error = event.get("error", {})
        label = f"{function}: {error.get('name')}: {error.get('message')}"
        return Candidate({**event, "function": function}, label)

    def _faults(self, found: list[Candidate]) -> None:
        expected = self._expected_faults(self.scenario.then.faults)
        self.bindings = check_each("then.faults", "fault", expected, found, self.bindings, self.types)

    def _expected_faults(self, faults: Sequence[Any]) -> list[Any]:
        expected = []
        for fault in faults:
            known = isinstance(fault, dict) and fault.get("function") in self.names.functions
            expected.append({**fault, "function": str(self.names.function(fault["function"]))} if known else fault)
        return expected

    def _rows(self) -> None:
        expected = self.scenario.then.rows
        for place, store in self._ordered(expected):
            if store.kind == "s3" or (store.purpose in ("collected", "index") and place not in expected):
                continue
            change = changes(
                store, self.facts.before.rows[place], self.facts.after.rows[place], self.facts.own_rows.get(place, {})
            )
            rows = expected.get(place, model.ExpectedRows())
            self.bindings = check_rows(place, (rows.written, rows.removed), change, self.bindings, self.types)

    def _objects(self) -> None:
        expected = self.scenario.then.objects
        for place, store in self._ordered(expected):
            if store.kind == "s3":
                named = expected.get(place, {})
                self.bindings = check_objects(
                    place,
                    {object_key(key, self.bindings): pattern for key, pattern in named.items()},
                    self.facts.before.objects[place],
                    self.facts.after.objects[place],
                    self.facts.own_objects.get(place, {}),
                    self.bindings,
                    self.types,
                )

    def _ordered(self, expected: Mapping[str, Any]) -> list[tuple[str, LinkedStore]]:
        """All stores; those that the scenario names first, in its order, for names are bound in that order."""
        rest = [place for place in self.names.stores if place not in expected]
        return [(place, self.names.stores[place]) for place in (*expected, *rest)]

    def _unanswered(self) -> None:
        """Tell of requests that got no answer: that the scenario forgot one explains all that follows."""
        asked = self.world.asked()[self.facts.asked :]
        lost = [one for one in asked if not one.answered and one.variable not in self.scenario.then.requests]
        if lost:
            lines = dict.fromkeys(f"{one.variable} has no answer for {one.on} {shown(one.body)}" for one in lost)
            raise FailedError("given.answers", "\n".join(lines))

    def _requests(self) -> None:
        then, given = self.scenario.then.requests, self.scenario.given.answers
        asked = self.world.asked()[self.facts.asked :]
        for variable in dict.fromkeys((*then, *(one.variable for one in asked))):
            if variable in given and variable not in then:
                continue
            found = [_candidate(one) for one in asked if one.variable == variable]
            expected = [_request(one) for one in then.get(variable, ())]
            where = f"then.requests {variable}"
            self.bindings = check_each(where, "request", expected, found, self.bindings, self.types)

    def _failed(self) -> None:
        expected = self.scenario.then.failed
        services = [plan.service for plan in self.names.plans]
        for service in dict.fromkeys((*expected, *services)):
            found = [Candidate(message, shown(message)) for message in self.world.failed(service)]
            where, wanted = f"then.failed {service}", expected.get(service, ())
            self.bindings = check_each(where, "failed message", wanted, found, self.bindings, self.types)

    def _messages(self) -> None:
        expected = self.scenario.then.messages
        for place in dict.fromkeys((*expected, *self.names.outlets)):
            sent = self.world.sent(self.names.outlets[place])
            found = [Candidate(message, shown(message)) for message in sent]
            where, wanted = f"then.messages {place}", expected.get(place, ())
            self.bindings = check_each(where, "message", wanted, found, self.bindings, self.types)

    def _metrics(self) -> None:
        if not self.scenario.then.metrics:
            return
        told = self.world.metrics()
        for name, expected in self.scenario.then.metrics.items():
            function = str(self.names.function(name))
            found = [Candidate(told[function], shown(told[function]))] if function in told else []
            where = f"then.metrics {name}"
            self.bindings = check_each(where, "metrics", [dict(expected)], found, self.bindings, self.types)

    def _kept(self) -> None:
        then = self.scenario.then
        for stream, expected in then.lake.items():
            records = [record.data for record in self.world.records() if record.stream == stream]
            kept = self.world.lake(stream)
            self.bindings = check_lake(stream, expected, records, kept, self.bindings, self.types)
        for words, wanted in then.search.items():
            found = [Candidate(event, shown(event)) for event in self.world.searched(words)]
            self.bindings = check_each(f"then.search {words}", "event", wanted, found, self.bindings, self.types)
        if then.monitor is not None:
            found = [self._fault(fault) for fault in self.world.monitored()]
            faults = self._expected_faults(then.monitor)
            self.bindings = check_each("then.monitor", "kept fault", faults, found, self.bindings, self.types)

    def _calls(self) -> None:
        if self.scenario.then.calls:
            called = self.world.called()
            for name, expected in self.scenario.then.calls.items():
                check_calls(f"then.calls {name}", expected, called.get(str(self.names.function(name)), {}))

    def roots(self) -> list[str]:
        """The ids of the events since the first step that none of the others caused."""
        since = self._events(self.world.records()[self.facts.mark :])
        ids = {one.event["id"] for one in since}
        return [one.event["id"] for one in since if one.event.get("tags", {}).get("trigger") not in ids]

    def reached(self) -> Reached:
        """What the run made happen, however it ended."""
        written = set()
        for place, rows in self.facts.after.rows.items():
            own = self.facts.given_keys.get(place, set()) | set(self.facts.own_rows.get(place, {}))
            before = self.facts.before.rows.get(place, {})
            if set(rows) - own or any(rows.get(key) != before.get(key) for key in self.facts.given_keys.get(place, ())):
                written.add(place)
        for place, objects in self.facts.after.objects.items():
            given = self.scenario.given.objects.get(place, {})
            if set(objects) - set(given) - set(self.facts.own_objects.get(place, {})):
                written.add(place)
        return Reached(tuple(self._events(self.world.records())), frozenset(written))


def lower_names(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers by their names in lower case."""
    return {name.lower(): value for name, value in headers.items()}


def _candidate(asked: Asked) -> Candidate:
    value = {"on": asked.on, "query": dict(asked.query), "headers": lower_names(asked.headers)}
    if asked.body is not None:
        value["body"] = asked.body
    return Candidate(value, f"{asked.on} {shown(asked.body)}" if asked.body is not None else asked.on)


def _request(request: model.ExternalRequest) -> dict[str, Any]:
    """What is expected of a request, as a pattern; a path may have `{parameters}`."""
    method_and_path: Any = escaped(literal(request.on))
    if "{" in request.on:
        literals = [re.escape(part) for part in re.split(r"\{[^{}/]+\}", request.on)]
        method_and_path = {"matches": "[^/]+".join(literals)}
    wanted: dict[str, Any] = {"on": method_and_path}
    if request.body is not None:
        wanted["body"] = request.body
    if request.query:
        wanted["query"] = request.query
    if request.headers:
        wanted["headers"] = {name.lower(): value for name, value in request.headers.items()}
    return wanted
