"""Running one scenario against a system: reset, given, when, then."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

from cncb_compiler.graph.system import LinkedStore
from cncb_compiler.model.base import seconds
from cncb_compiler.operate.names import Names, Route
from cncb_compiler.scenarios import model, steps
from cncb_compiler.scenarios.envelope import Clock, encoded, enveloped
from cncb_compiler.scenarios.findings import FailedError, check_value
from cncb_compiler.scenarios.match import shown
from cncb_compiler.scenarios.outcome import Facts, Outcome, Reached, lower_names
from cncb_compiler.scenarios.stored import held, key_of
from cncb_compiler.scenarios.trouble import idle, restarts, set_switch
from cncb_compiler.scenarios.words import Bindings, UnboundError, filled, object_key
from cncb_compiler.scenarios.world import NotSettledError, Response, Stub, World
from cncb_compiler.target.problems import Problem, translated


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
        trace = world.trace(running.outcome.roots())
    return Result(
        name=name,
        sentence=scenario.scenario,
        passed=not problem,
        seconds=time.monotonic() - began,
        where=where,
        problem=problem,
        trace=trace,
        reached=running.outcome.reached(),
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
        self.bindings: Bindings = {}
        self.bound = float(seconds(scenario.then.within))
        self.facts = Facts()
        self.outcome = Outcome(scenario, names, world, self.facts)
        self.restarts = restarts(scenario.given.switches)

    def all(self) -> None:
        self._at("reset", self.world.reset)
        self._at("given", self.given)
        for number, step in enumerate(self.scenario.when, 1):
            kind = str(steps.step_kind(step))
            self._at(f"when {number} ({_title(step, kind)})", self._step, step, kind)
        self._at("when", self.settle)
        switches = self.scenario.given.switches
        self.facts.idle = list(idle(switches, len(self.scenario.when), self.names, self.world))
        self.world.calm()
        self.facts.after = held(self.world, self.names.stores)
        self._at("then", self.outcome.check, self.bindings)

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
            self.facts.given_keys[place] = {key_of(store, row) for row in whole}
        for place, objects in given.objects.items():
            for key, content in objects.items():
                name = object_key(key, self.bindings)
                self.world.put_object(self.store(place), name, self.filled(content), quiet=True)
        for variable, answers in given.answers.items():
            self.world.answer(variable, [self._stub(answer) for answer in answers])
        for event in given.events:
            self._publish(event)
        self.settle()
        self.facts.before = held(self.world, self.names.stores)
        self.facts.mark = len(self.world.records())
        self.facts.asked = len(self.world.asked())
        for switch in given.switches:
            set_switch(switch, self.names, self.world)

    def _stub(self, answer: model.ExternalAnswer) -> Stub:
        body, when = self.filled(answer.body), self.filled(answer.when)
        return Stub(answer.on, answer.status, body, answer.headers, when, answer.times)

    # when

    def _step(self, step: Any, kind: str) -> None:
        getattr(self, f"_{kind}")(step)
        if self.restarts:
            self.world.restart_sources()
        if step.settle:
            self.settle()

    def _publish(self, event: steps.Event) -> None:
        linked = self.system.events[event.publish]
        said = {"id": event.id, "timestamp": event.timestamp, "partitionKey": event.partition_key}
        whole = enveloped(self.system, linked, self.filled(event.data), self.clock, self.filled(said))
        if event.as_:
            self.bindings = {**self.bindings, event.as_: whole}
        self.facts.published.add(whole["id"])
        self.world.publish(linked.stream, [(whole["partitionKey"], encoded(whole))] * event.times)

    def _raw(self, step: steps.PublishRaw) -> None:
        data = encoded(self.filled(step.publish.raw))
        self.facts.raw.add(data)
        stream = step.publish.stream or self.names.stream
        self.world.publish(stream, [(step.publish.partition_key, data)] * step.times)

    def _call(self, step: steps.Call) -> None:
        route = self.names.routed(step.call, step.service)[0]
        query, headers = self.filled(step.query), self.filled(step.headers)
        answer = self.world.call(route, self._path(route, step.path), query, headers, self.filled(step.body))
        self._answered(f"returns of {step.call}", step.returns, answer)

    def _fetch(self, step: steps.Fetch) -> None:
        url = self.filled(step.fetch)
        if not isinstance(url, str) or urlsplit(url).scheme != "http":
            raise FailedError(f"fetch {step.fetch}", f"{shown(url)} is no URL of this machine")
        self._answered(f"returns of fetch {step.fetch}", step.returns, self.world.fetch(url))

    def _answered(self, where: str, returns: steps.Answer | None, answer: Response) -> None:
        if returns is None:
            if answer.status >= 400:
                raise FailedError(where, f"expected a status below 400, got {answer.status}\ngot: {shown(answer.body)}")
            return
        wanted = returns.model_dump(exclude_none=True, exclude_defaults=True)
        if "headers" in wanted:
            wanted["headers"] = {name.lower(): value for name, value in wanted["headers"].items()}
        found: dict[str, Any] = {"status": answer.status}
        if answer.body is not None:
            found["body"] = answer.body
        if "headers" in wanted:
            found["headers"] = lower_names(answer.headers)
        self.bindings = check_value(where, wanted, found, self.bindings, self.types)

    def _path(self, route: Route, given: Mapping[str, Any]) -> str:
        def value(parameter: re.Match[str]) -> str:
            greedy = parameter[0].endswith("+}")
            return quote(str(self.filled(given[parameter[1]])), safe="/" if greedy else "")

        return re.sub(r"\{([^}+]+)\+?\}", value, route.path)

    def _invoke(self, step: steps.Invoke) -> None:
        where = f"returns of {step.invoke}"
        answer = self.world.invoke(self.names.function(step.invoke), self.filled(step.payload))
        expected = step.returns if step.fails is None else step.fails
        if answer.failed != (step.fails is not None):
            outcome = "to fail" if step.fails is not None else "not to fail"
            raise FailedError(where, f"expected it {outcome}\ngot: {shown(answer.payload)}")
        if expected is not None:
            self.bindings = check_value(where, expected, answer.payload, self.bindings, self.types)

    def _replay(self, step: steps.Replay) -> None:
        self._back(step, step.replay, self.world.replay(self.names.function(step.replay), step.types))

    def _resubmit(self, step: steps.Resubmit) -> None:
        self._back(step, step.resubmit, self.world.resubmit(self.names.function(step.resubmit)))

    def _back(self, step: steps.Replay | steps.Resubmit, function: str, counts: Mapping[str, int]) -> None:
        """Hold what has become of events that were brought back against what is expected."""
        where = f"returns of {function}"
        if step.returns is not None:
            self.bindings = check_value(where, step.returns, dict(counts), self.bindings, self.types)
        elif not counts["handled"] or any(count for name, count in counts.items() if name != "handled"):
            raise FailedError(where, f"expected some, all of them handled\ngot: {shown(dict(counts))}")

    def _put(self, step: steps.Put) -> None:
        store, row = self.store(step.put), self.filled(step.row)
        self.world.put_rows(store, [row], quiet=False)
        self.facts.own_rows.setdefault(step.put, {})[key_of(store, row)] = row

    def _remove(self, step: steps.Remove) -> None:
        store, key = self.store(step.remove), self.filled(step.key)
        self.world.remove_row(store, key)
        self.facts.own_rows.setdefault(step.remove, {})[key_of(store, key)] = None

    def _upload(self, step: steps.Upload) -> None:
        name, content = str(self.filled(step.object)), self.filled(step.content)
        self.world.put_object(self.store(step.upload), name, content, quiet=False)
        self.facts.own_objects.setdefault(step.upload, {})[name] = content

    def _expire(self, step: steps.Expire) -> None:
        store = self.store(step.expire)
        attribute = self.names.time_to_live(store)
        until = time.time() + seconds(step.after)
        over = [row for row in self.world.rows(store) if 0 < row.get(attribute or "", 0) <= until]
        keys = [{name: row[name] for name in store.key_names} for row in over]
        for key in keys:
            self.facts.own_rows.setdefault(step.expire, {})[key_of(store, key)] = None
        self.world.expire(store, keys)

    # What the parts have in common.

    def store(self, place: str) -> LinkedStore:
        return self.names.stores[place]

    def filled(self, value: Any) -> Any:
        return filled(value, self.bindings)


def _title(step: Any, kind: str) -> str:
    if kind == "raw":
        return "publish a raw record"
    return f"{kind} {getattr(step, kind)}"
