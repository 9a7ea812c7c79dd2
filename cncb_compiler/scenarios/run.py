"""Running one scenario against a system: reset, given, when, then."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from cncb_compiler.graph.system import LinkedStore
from cncb_compiler.model.base import seconds
from cncb_compiler.scenarios import model
from cncb_compiler.scenarios.envelope import Clock, encoded, enveloped
from cncb_compiler.scenarios.findings import FAULT, FailedError, Seen, check_each, check_events, check_value, events_of
from cncb_compiler.scenarios.match import shown
from cncb_compiler.scenarios.names import Names, Route
from cncb_compiler.scenarios.pairing import Candidate
from cncb_compiler.scenarios.stored import Holdings, changes, check_objects, check_rows, held, key_of
from cncb_compiler.scenarios.words import UnboundError, escaped, filled, literal
from cncb_compiler.scenarios.world import Asked, NotSettledError, Stub, World
from cncb_compiler.target.problems import Problem, translated


@dataclass(frozen=True, slots=True)
class Reached:
    """What a scenario made happen, for coverage: its events, and the places whose rows or objects were written."""

    events: tuple[Seen, ...] = ()
    written: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Result:
    """How a scenario came out. `where` and `problem` say what the first difference is; `trace` what was caused."""

    name: str
    sentence: str
    passed: bool
    seconds: float
    where: str = ""
    problem: str = ""
    trace: str = ""
    reached: Reached = field(default_factory=Reached)


def run(name: str, scenario: model.Scenario, names: Names, world: World) -> Result:
    """Run a scenario that has been checked. What the world raises on its own account goes through."""
    began = time.monotonic()
    running = _Running(scenario, names, world)
    where, problem, trace = "", "", ""
    try:
        running.all()
    except FailedError as failure:
        where, problem = failure.where, failure.message
        trace = world.trace(running.roots())
    return Result(
        name=name,
        sentence=scenario.scenario,
        passed=not problem,
        seconds=time.monotonic() - began,
        where=where,
        problem=problem,
        trace=trace,
        reached=running.reached(),
    )


class _Running:
    """One run; `bindings` are what names stand for so far."""

    def __init__(self, scenario: model.Scenario, names: Names, world: World) -> None:
        self.scenario = scenario
        self.names = names
        self.system = names.system
        self.types = names.system.types
        self.world = world
        self.clock = Clock()
        self.bindings: Mapping[str, Any] = {}
        self.bound = float(seconds(scenario.then.within))
        self.before = Holdings()
        self.after = Holdings()
        self.mark = 0
        self.asked = 0
        self.published: set[str] = set()
        self.raw: set[bytes] = set()
        self.own_rows: dict[str, dict[str, dict[str, Any] | None]] = {}
        self.own_objects: dict[str, dict[str, Any]] = {}
        self.given_keys: dict[str, set[str]] = {}
        self.restarts = any(isinstance(switch, model.Restart) for switch in scenario.given.switches)

    def all(self) -> None:
        self._at("reset", self.world.reset)
        self._at("given", self.given)
        for number, step in enumerate(self.scenario.when, 1):
            kind = str(model.step_kind(step))
            self._at(f"when {number} ({_title(step, kind)})", self._step, step, kind)
        self._at("when", self.settle)
        self.world.calm()
        self.after = held(self.world, self.names.stores)
        self._at("then", self.then)

    def _at(self, where: str, do: Callable[..., None], *arguments: Any) -> None:
        """Do a part of the scenario; what goes wrong in it is told with its place."""
        try:
            with translated():
                do(*arguments)
        except Problem as problem:
            raise FailedError(where, str(problem)) from None
        except NotSettledError as error:
            lines = "\n".join(f"  {line}" for line in error.busy)
            raise FailedError(where, f"still at work after {self.scenario.then.within}:\n{lines}") from None
        except (UnboundError, ValueError) as error:
            raise FailedError(where, str(error)) from None

    def settle(self) -> None:
        self.world.settle(self.bound)

    # given

    def given(self) -> None:
        given = self.scenario.given
        for place, rows in given.rows.items():
            store, whole = self.store(place), [self.filled(row) for row in rows]
            self.world.put_rows(store, whole, quiet=True)
            self.given_keys[place] = {key_of(store, row) for row in whole}
        for place, objects in given.objects.items():
            for key, content in objects.items():
                self.world.put_object(self.store(place), key, self.filled(content), quiet=True)
        for variable, answers in given.answers.items():
            self.world.answer(variable, [self._stub(answer) for answer in answers])
        for event in given.events:
            self._publish(event)
        self.settle()
        self.before = held(self.world, self.names.stores)
        self.mark = len(self.world.records())
        self.asked = len(self.world.asked())
        for switch in given.switches:
            self._switch(switch)

    def _stub(self, answer: model.ExternalAnswer) -> Stub:
        body, when = self.filled(answer.body), self.filled(answer.when)
        return Stub(answer.on, answer.status, body, answer.headers, when, answer.times)

    def _switch(self, switch: Any) -> None:
        match switch:
            case model.Duplicate():
                self.world.duplicate(self.names.function(switch.duplicate), switch.times)
            case model.Shuffle():
                self.world.shuffle(self.names.function(switch.shuffle), switch.seed, switch.times)
            case model.Kill():
                self.world.kill(self.names.function(switch.kill), switch.after_calls, switch.times)
            case model.Throttle():
                resource = self.names.stores.get(switch.throttle, switch.throttle)
                self.world.throttle(resource, switch.times)

    # when

    def _step(self, step: Any, kind: str) -> None:
        getattr(self, f"_{kind}")(step)
        if self.restarts:
            self.world.restart_sources()
        if step.settle:
            self.settle()

    def _publish(self, event: model.Event) -> None:
        linked = self.system.events[event.publish]
        said = {"id": event.id, "timestamp": event.timestamp, "partitionKey": event.partition_key}
        whole = enveloped(self.system, linked, self.filled(event.data), self.clock, self.filled(said))
        if event.as_:
            self.bindings = {**self.bindings, event.as_: whole}
        self.published.add(whole["id"])
        self.world.publish(linked.stream, [(whole["partitionKey"], encoded(whole))] * event.times)

    def _raw(self, step: model.PublishRaw) -> None:
        data = encoded(self.filled(step.publish.raw))
        self.raw.add(data)
        stream = step.publish.stream or self.names.stream
        self.world.publish(stream, [(step.publish.partition_key, data)] * step.times)

    def _call(self, step: model.Call) -> None:
        route = self.names.routed(step.call, step.service)[0]
        query, headers = self.filled(step.query), self.filled(step.headers)
        answer = self.world.call(route, self._path(route, step.path), query, headers, self.filled(step.body))
        where = f"returns of {step.call}"
        if step.returns is None:
            if answer.status >= 400:
                raise FailedError(where, f"expected a status below 400, got {answer.status}\ngot: {shown(answer.body)}")
            return
        wanted = step.returns.model_dump(exclude_none=True, exclude_defaults=True)
        if "headers" in wanted:
            wanted["headers"] = {name.lower(): value for name, value in wanted["headers"].items()}
        found = {"status": answer.status, "headers": _lower(answer.headers), "body": answer.body}
        if answer.body is None:
            del found["body"]
        self.bindings = check_value(where, wanted, found, self.bindings, self.types)

    def _path(self, route: Route, given: Mapping[str, Any]) -> str:
        def value(parameter: re.Match[str]) -> str:
            greedy = parameter[0].endswith("+}")
            return quote(str(self.filled(given[parameter[1]])), safe="/" if greedy else "")

        return re.sub(r"\{([^}+]+)\+?\}", value, route.path)

    def _invoke(self, step: model.Invoke) -> None:
        where = f"returns of {step.invoke}"
        answer = self.world.invoke(self.names.function(step.invoke), self.filled(step.payload))
        expected = step.returns if step.fails is None else step.fails
        if answer.failed != (step.fails is not None):
            outcome = "to fail" if step.fails is not None else "not to fail"
            raise FailedError(where, f"expected it {outcome}\ngot: {shown(answer.payload)}")
        if expected is not None:
            self.bindings = check_value(where, expected, answer.payload, self.bindings, self.types)

    def _put(self, step: model.Put) -> None:
        store, row = self.store(step.put), self.filled(step.row)
        self.world.put_rows(store, [row], quiet=False)
        self.own_rows.setdefault(step.put, {})[key_of(store, row)] = row

    def _remove(self, step: model.Remove) -> None:
        store, key = self.store(step.remove), self.filled(step.key)
        self.world.remove_row(store, key)
        self.own_rows.setdefault(step.remove, {})[key_of(store, key)] = None

    def _upload(self, step: model.Upload) -> None:
        name, content = str(self.filled(step.object)), self.filled(step.content)
        self.world.put_object(self.store(step.upload), name, content, quiet=False)
        self.own_objects.setdefault(step.upload, {})[name] = content

    def _expire(self, step: model.Expire) -> None:
        store = self.store(step.expire)
        attribute = self.names.time_to_live(store)
        until = time.time() + seconds(step.after)
        over = [row for row in self.world.rows(store) if 0 < row.get(attribute or "", 0) <= until]
        keys = [{name: row[name] for name in store.key_names} for row in over]
        for key in keys:
            self.own_rows.setdefault(step.expire, {})[key_of(store, key)] = None
        self.world.expire(store, keys)

    # then

    def then(self) -> None:
        then = self.scenario.then
        seen = self._seen()
        expected = then.events.exactly if then.events.exactly is not None else then.events.some or ()
        faults = [self._fault(one) for one in seen if one.type == FAULT]
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

    def _seen(self) -> list[Seen]:
        records = self.world.records()
        earlier = {json.dumps(dict(one.event), sort_keys=True) for one in self._events(records[: self.mark])}
        # What was already there is the same event, even if it is published again.
        since = self._events(records[self.mark :])
        return [one for one in since if json.dumps(dict(one.event), sort_keys=True) not in earlier]

    def _events(self, records: Any) -> list[Seen]:
        return events_of(records, frozenset(self.published), frozenset(self.raw))

    def _fault(self, seen: Seen) -> Candidate:
        event = seen.event
        function = f"{event.get('tags', {}).get('service', '?')}.{event.get('pipeline', '?')}"
        error = event.get("error", {})
        label = f"{function}: {error.get('name')}: {error.get('message')}"
        return Candidate({**event, "function": function}, label)

    def _faults(self, found: list[Candidate]) -> None:
        expected = []
        for fault in self.scenario.then.faults:
            known = isinstance(fault, dict) and fault.get("function") in self.names.functions
            expected.append({**fault, "function": str(self.names.function(fault["function"]))} if known else fault)
        self.bindings = check_each("then.faults", "fault", expected, found, self.bindings, self.types)

    def _rows(self) -> None:
        expected = self.scenario.then.rows
        for place, store in self._ordered(expected):
            if store.kind == "s3" or (store.purpose == "collected" and place not in expected):
                continue
            change = changes(store, self.before.rows[place], self.after.rows[place], self.own_rows.get(place, {}))
            rows = expected.get(place, model.ExpectedRows())
            self.bindings = check_rows(place, (rows.written, rows.removed), change, self.bindings, self.types)

    def _objects(self) -> None:
        expected = self.scenario.then.objects
        for place, store in self._ordered(expected):
            if store.kind == "s3":
                self.bindings = check_objects(
                    place,
                    expected.get(place, {}),
                    self.before.objects[place],
                    self.after.objects[place],
                    self.own_objects.get(place, {}),
                    self.bindings,
                    self.types,
                )

    def _ordered(self, expected: Mapping[str, Any]) -> list[tuple[str, LinkedStore]]:
        """All stores; those that the scenario names first, in its order, for names are bound in that order."""
        rest = [place for place in self.names.stores if place not in expected]
        return [(place, self.names.stores[place]) for place in (*expected, *rest)]

    def _unanswered(self) -> None:
        """Tell of requests that got no answer: that the scenario forgot one explains all that follows."""
        asked = self.world.asked()[self.asked :]
        lost = [one for one in asked if not one.answered and one.variable not in self.scenario.then.requests]
        if lost:
            lines = dict.fromkeys(f"{one.variable} has no answer for {one.on} {shown(one.body)}" for one in lost)
            raise FailedError("given.answers", "\n".join(lines))

    def _requests(self) -> None:
        then, given = self.scenario.then.requests, self.scenario.given.answers
        asked = self.world.asked()[self.asked :]
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

    # What the parts have in common.

    def store(self, place: str) -> LinkedStore:
        return self.names.stores[place]

    def filled(self, value: Any) -> Any:
        return filled(value, self.bindings)

    def roots(self) -> list[str]:
        """The ids of the events since the first step that none of the others caused."""
        since = self._events(self.world.records()[self.mark :])
        ids = {one.event["id"] for one in since}
        return [one.event["id"] for one in since if one.event.get("tags", {}).get("trigger") not in ids]

    def reached(self) -> Reached:
        written = set()
        for place, rows in self.after.rows.items():
            own = self.given_keys.get(place, set()) | set(self.own_rows.get(place, {}))
            before = self.before.rows.get(place, {})
            if set(rows) - own or any(rows.get(key) != before.get(key) for key in self.given_keys.get(place, ())):
                written.add(place)
        for place, objects in self.after.objects.items():
            given = self.scenario.given.objects.get(place, {})
            if set(objects) - set(given) - set(self.own_objects.get(place, {})):
                written.add(place)
        return Reached(tuple(self._events(self.world.records())), frozenset(written))


def _title(step: Any, kind: str) -> str:
    if kind == "raw":
        return "publish a raw record"
    return f"{kind} {getattr(step, kind)}"


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _candidate(asked: Asked) -> Candidate:
    value = {"on": asked.on, "query": dict(asked.query), "headers": _lower(asked.headers)}
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
