"""Checking a scenario against the system that it is about: every finding at once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from cncb_compiler.diagnostics.diagnostic import Diagnostic, Related
from cncb_compiler.graph.system import LinkedOutlet, LinkedStore
from cncb_compiler.model.event import ENVELOPE
from cncb_compiler.operate.names import Names
from cncb_compiler.rules.cncb103_bad_value import RULE as BAD_VALUE
from cncb_compiler.rules.cncb202_unknown_type import RULE as UNKNOWN_TYPE
from cncb_compiler.rules.cncb955_unknown_route import RULE as UNKNOWN_ROUTE
from cncb_compiler.rules.cncb957_unfit_example import RULE as UNFIT_EXAMPLE
from cncb_compiler.rules.cncb958_unbound_name import RULE as UNBOUND_NAME
from cncb_compiler.scenarios import model, steps
from cncb_compiler.scenarios.conform import misfits
from cncb_compiler.scenarios.lookups import Lookups, mend_of
from cncb_compiler.scenarios.read import ScenarioFile
from cncb_compiler.scenarios.words import MATCHERS, NAME_PATTERN, bound_in, is_matcher, references
from cncb_compiler.schema.notation import parse_type
from cncb_compiler.schema.types import ANYTHING, STRING, Field, Record, Type
from cncb_compiler.source.location import Location

BOOKKEEPING = ("asOf", "latched", "deletedAt", "expires")
"""What the runtime keeps beside a row's own fields; with `asOf:` before it, whatever follows."""


def check(file: ScenarioFile, names: Names) -> list[Diagnostic]:
    """Everything that is wrong with a scenario, by place: what its file says, and what the system has not."""
    if file.scenario is None:
        return list(file.found)
    checking = _Checking(names)
    checking.scenario(file.scenario, Location(file.source.name))
    # Where a step could not be read, what it binds is not known.
    found = [one for one in checking.found if not file.found or one.code != UNBOUND_NAME.code]
    return [*file.found, *found]


ROWS = ("dynamodb", "opensearch")
"""The kinds of stores that hold rows."""


class _Checking:
    """One check; `bound` grows in the order in which the runner binds."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.table = names.system.types
        self.bound: set[str] = set()
        self.found: list[Diagnostic] = []
        self.look = Lookups(names, self.found)

    def scenario(self, scenario: model.Scenario, top: Location) -> None:
        self.given(scenario.given, top / "given")
        for index, step in enumerate(scenario.when):
            if step is not None:
                getattr(self, f"_{steps.step_kind(step)}")(step, top / "when" / index)
        self.then(scenario.then, top / "then")

    def given(self, given: model.Given, at: Location) -> None:
        for place, rows in given.rows.items():
            store = self.look.store(place, (at / "rows" / place).key(), *ROWS)
            for index, row in enumerate(rows):
                self.sent(row, at / "rows" / place / index)
                self.row(row, store, at / "rows" / place / index)
        for place, objects in given.objects.items():
            self.look.store(place, (at / "objects" / place).key(), "s3")
            self.sent(objects, at / "objects" / place)
            self._object_keys(objects, at / "objects" / place)
        for variable, answers in given.answers.items():
            self.look.variable(variable, (at / "answers" / variable).key())
            for index, answer in enumerate(answers):
                self.sent(answer.body, at / "answers" / variable / index / "body")
                self.sent(answer.when, at / "answers" / variable / index / "when")
        for index, event in enumerate(given.events):
            self._event(event, at / "events" / index)
        for index, switch in enumerate(given.switches):
            # What could not be read is None (a `ScenarioFile` with findings).
            self.switch(switch, at / "switches" / index)

    def switch(self, switch: steps.AnySwitch, at: Location) -> None:
        match switch:
            case steps.Throttle():
                if "." in switch.throttle:
                    self.look.store(switch.throttle, at / "throttle", *ROWS)
                else:
                    self.look.stream(switch.throttle, at / "throttle")
            case steps.Duplicate() | steps.Shuffle() | steps.Kill():
                kind = str(steps.switch_kind(switch))
                self.look.function(getattr(switch, kind), at / kind)

    def _publish(self, step: steps.Publish, at: Location) -> None:
        self._event(step, at)

    def _event(self, event: steps.Event, at: Location) -> None:
        self.sent(event.data, at / "data")
        for key, value in (("id", event.id), ("timestamp", event.timestamp), ("partitionKey", event.partition_key)):
            self.sent(value, at / key)
        if event.as_:
            self.bound.add(event.as_)
        own = self.look.event(event.publish, at / "publish")
        if own is None:
            return
        for name in ENVELOPE:
            if name in event.data:
                where = (at / "data" / name).key()
                mend = (
                    f"Say `{name}:` beside `publish`." if name in ("id", "timestamp", "partitionKey") else "Remove it."
                )
                self.found.append(UNFIT_EXAMPLE(where, f"`{name}` is part of every event's envelope", mend=mend))
        data = {name: value for name, value in event.data.items() if name not in ENVELOPE}
        self.fit(data, own, at / "data" if event.data else at / "publish", event=event.publish)

    def _raw(self, step: steps.PublishRaw, at: Location) -> None:
        self.sent(step.publish.raw, at / "publish" / "raw")
        if step.publish.stream is not None:
            self.look.stream(step.publish.stream, at / "publish" / "stream")

    def _call(self, step: steps.Call, at: Location) -> None:
        for key, value in (("path", step.path), ("query", step.query), ("headers", step.headers), ("body", step.body)):
            self.sent(value, at / key)
        self.route(step, at)
        if step.returns is not None:
            self.answer(step.returns, at / "returns")

    def _fetch(self, step: steps.Fetch, at: Location) -> None:
        self.sent(step.fetch, at / "fetch")
        if step.returns is not None:
            self.answer(step.returns, at / "returns")

    def route(self, step: steps.Call, at: Location) -> None:
        if step.service is not None and not self.look.service(step.service, at / "service"):
            return
        routes = self.names.routed(step.call, step.service)
        if not routes:
            known = [str(route) for route in self.names.routes if step.service in (None, route.service)]
            mend = mend_of(step.call, known, "Declare it as the `route` of a command, query or function.")
            self.found.append(UNKNOWN_ROUTE(at / "call", f"`{step.call}` is not a route of the system", mend=mend))
            return
        if len(routes) > 1:
            services = ", ".join(f"`{route.service}`" for route in routes)
            message = f"`{step.call}` is a route of several services: {services}"
            self.found.append(UNKNOWN_ROUTE(at / "call", message, mend="Add `service:`."))
            return
        parameters = re.findall(r"\{([^}+]+)\+?\}", step.call)
        for name in parameters:
            if name not in step.path:
                message = f"`{step.call}` needs a value for `{name}`"
                self.found.append(UNKNOWN_ROUTE(at / "call", message, mend=f"Add `path: {{{name}: ...}}`."))
        for name in step.path:
            if name not in parameters:
                mend = mend_of(name, parameters, "Remove it.")
                where = (at / "path" / name).key()
                self.found.append(UNKNOWN_ROUTE(where, f"`{name}` is not a parameter of `{step.call}`", mend=mend))

    def answer(self, answer: steps.Answer, at: Location) -> None:
        for key, value in (("status", answer.status), ("headers", answer.headers), ("body", answer.body)):
            self.pattern(value, at / key)

    def _invoke(self, step: steps.Invoke, at: Location) -> None:
        self.look.function(step.invoke, at / "invoke")
        self.sent(step.payload, at / "payload")
        self.pattern(step.returns, at / "returns")
        self.pattern(step.fails, at / "fails")

    def _replay(self, step: steps.Replay, at: Location) -> None:
        self.look.lake((at / "replay").key())
        self.look.listener(step.replay, step.types, at)
        self.pattern(step.returns, at / "returns")

    def _resubmit(self, step: steps.Resubmit, at: Location) -> None:
        self.look.monitor((at / "resubmit").key())
        self.look.function(step.resubmit, at / "resubmit")
        self.pattern(step.returns, at / "returns")

    def _put(self, step: steps.Put, at: Location) -> None:
        self.sent(step.row, at / "row")
        self.row(step.row, self.look.store(step.put, at / "put", *ROWS), at / "row")

    def _remove(self, step: steps.Remove, at: Location) -> None:
        self.sent(step.key, at / "key")
        store = self.look.store(step.remove, at / "remove", *ROWS)
        if store is not None:
            key = Record({name: store.record.fields.get(name, Field(ANYTHING)) for name in store.key_names})
            self.fit(step.key, key, at / "key")

    def _upload(self, step: steps.Upload, at: Location) -> None:
        self.look.store(step.upload, at / "upload", "s3")
        self.sent(step.object, at / "object")
        self.sent(step.content, at / "content")

    def _expire(self, step: steps.Expire, at: Location) -> None:
        store = self.look.store(step.expire, at / "expire", "dynamodb")
        if store is not None and self.names.time_to_live(store) is None:
            message = f"rows of `{step.expire}` never expire"
            self.found.append(UNFIT_EXAMPLE(at / "expire", message, mend="Declare `keep` (a view) or `ttl` (a store)."))

    def _object_keys(self, objects: Mapping[str, Any], at: Location) -> None:
        for key in objects:
            self.sent(key.split("/"), at / key)

    def then(self, then: model.Then, at: Location) -> None:
        if then.events.exactly is not None and then.events.some is not None:
            message = "`exactly` and `some` say two things about the same events"
            self.found.append(BAD_VALUE(at / "events" / "some", message, mend="Keep one of the two."))
        for word in ("exactly", "some"):
            for index, event in enumerate(getattr(then.events, word) or ()):
                # Where the list stands for itself, the word is no part of the path, and positions pass over it.
                for name, data in event.items():
                    where = at / "events" / word / index / name
                    self.pattern(data, where)
                    own = self.look.event(name, where.key())
                    if own is not None:
                        whole = self.names.system.events[name].record
                        self.fit(data, whole, where, pattern=True, event=name)
        for place, rows in then.rows.items():
            store = self.look.store(place, (at / "rows" / place).key(), *ROWS)
            for word in ("written", "removed"):
                for index, row in enumerate(getattr(rows, word)):
                    self.pattern(row, at / "rows" / place / word / index)
                    self.row(row, store, at / "rows" / place / word / index, pattern=True)
        for place, objects in then.objects.items():
            self.look.store(place, (at / "objects" / place).key(), "s3")
            self._object_keys(objects, at / "objects" / place)
            for key, content in objects.items():
                self.pattern(content, at / "objects" / place / key)
        for variable, requests in then.requests.items():
            self.look.variable(variable, (at / "requests" / variable).key())
            for index, request in enumerate(requests):
                for part in ("body", "query", "headers"):
                    self.pattern(getattr(request, part), at / "requests" / variable / index / part)
        self.faults(then.faults, at / "faults")
        for service, messages in then.failed.items():
            self.look.service(service, (at / "failed" / service).key())
            for index, message in enumerate(messages):
                self.pattern(message, at / "failed" / service / index)
        for place, sent in then.messages.items():
            outlet = self.look.outlet(place, (at / "messages" / place).key())
            for index, message in enumerate(sent):
                where = at / "messages" / place / index
                self.pattern(message, where)
                if outlet is not None:
                    self.fit(message, _message(outlet), where, pattern=True, outlet=outlet)
        for function, metrics in then.metrics.items():
            self.look.function(function, (at / "metrics" / function).key())
            self.pattern(metrics, at / "metrics" / function)
        for function in then.calls:
            self.look.function(function, (at / "calls" / function).key())
        for stream, records in then.lake.items():
            self.lake(stream, (at / "lake" / stream).key())
            for index, record in enumerate(records):
                self.pattern(record, at / "lake" / stream / index)
        for words, events in then.search.items():
            self.look.event_index((at / "search" / words).key())
            for index, event in enumerate(events):
                self.pattern(event, at / "search" / words / index)
        if then.monitor is not None:
            self.look.monitor((at / "monitor").key())
        self.faults(then.monitor or (), at / "monitor")

    def lake(self, stream: str, at: Location) -> None:
        self.look.stream(stream, at)
        kept = [name for one in self.names.system.services.values() if one.lake for name in one.lake.streams]
        if stream in self.names.system.streams and stream not in kept:
            self.found.append(UNFIT_EXAMPLE(at, f"no data lake keeps `{stream}`", mend="Add one, or remove this."))

    def faults(self, faults: Sequence[Any], at: Location) -> None:
        for index, fault in enumerate(faults):
            self.pattern(fault, at / index)
            if isinstance(fault, dict) and isinstance(fault.get("function"), str):
                self.look.function(fault["function"], at / index / "function")

    # What parts of a scenario have in common.

    def sent(self, value: Any, at: Location) -> None:
        """Report references to what is not bound yet."""
        for path, name in references(value):
            if name not in self.bound:
                where = at
                for segment in path:
                    where = where / segment
                mend = mend_of(name, self.bound, f"Bind it before: `as: {name}`; or write `$$` for a plain `$`.", "$")
                self.found.append(UNBOUND_NAME(where, f"`${name}` is not bound here", mend=mend))

    def pattern(self, value: Any, at: Location) -> None:
        """As `sent`, of a pattern: its matchers are checked, and what it binds is bound from now on."""
        own = set(bound_in(value))
        before = set(self.bound)
        self.bound |= own
        self.sent(value, at)
        self.bound = before | own
        self._matchers(value, at)

    def _matchers(self, value: Any, at: Location) -> None:
        if is_matcher(value):
            self._matcher(value, at)
        elif isinstance(value, dict):
            for key, inner in value.items():
                self._matchers(inner, at / key)
        elif isinstance(value, (list, tuple)):
            for index, inner in enumerate(value):
                self._matchers(inner, at / index)

    def _matcher(self, matcher: dict[str, Any], at: Location) -> None:
        if "is" in matcher:
            if not isinstance(matcher["is"], str):
                self.found.append(BAD_VALUE(at / "is", "`is` names a type", mend="Write `{is: uuid}`."))
            else:
                _, found, refs = parse_type(matcher["is"], at / "is")
                self.found += found
                for name, where in refs:
                    if name not in self.table.named:
                        mend = mend_of(name, self.table.named, "Declare it under `types`.")
                        self.found.append(UNKNOWN_TYPE(where, f"`{name}` is not a declared type", mend=mend))
        if "matches" in matcher:
            try:
                re.compile(matcher["matches"])
            except (re.error, TypeError) as error:
                self.found.append(BAD_VALUE(at / "matches", f"it is not a regular expression: {error}"))
        if "as" in matcher and not (isinstance(matcher["as"], str) and re.fullmatch(NAME_PATTERN, matcher["as"])):
            self.found.append(BAD_VALUE(at / "as", "`as` gives a name: letters, digits and underscores"))
        for word in ("gone", "any"):
            if word in matcher and not isinstance(matcher[word], bool):
                self.found.append(BAD_VALUE(at / word, f"`{word}` is true or false"))
        if "exactly" in matcher and isinstance(matcher["exactly"], dict):
            for key, inner in matcher["exactly"].items():
                self._matchers(inner, at / "exactly" / key)

    def row(self, row: Any, store: LinkedStore | None, at: Location, *, pattern: bool = False) -> None:
        """Report what does not fit the store's rows; bookkeeping attributes may be named."""
        if store is None or not isinstance(row, dict) or (pattern and set(row) <= set(MATCHERS)):
            return
        own = {name: value for name, value in row.items() if not _is_bookkeeping(name, store)}
        self.fit(own, store.record, at, pattern=pattern, store=store)

    def fit(
        self,
        value: Any,
        type_: Type,
        at: Location,
        *,
        pattern: bool = False,
        event: str | None = None,
        store: LinkedStore | None = None,
        outlet: LinkedOutlet | None = None,
    ) -> None:
        """Report where a value is not one of a type, with the place that declares the type."""
        related: tuple[Related, ...] = ()
        if event is not None:
            related = (Related(self.names.system.events[event].at.key(), f"`{event}` is declared here"),)
        elif store is not None:
            related = (Related(store.construct.at.key(), f"`{store.name}` is declared here"),)
        elif outlet is not None:
            related = (Related(outlet.construct.at.key(), f"`{outlet.name}` is declared here"),)
        for misfit in misfits(value, type_, self.table, pattern=pattern):
            where = at
            for segment in misfit.path:
                where = where / segment
            self.found.append(
                UNFIT_EXAMPLE(
                    where.key() if misfit.on_key else where, misfit.message, mend=misfit.mend, related=related
                )
            )


def _is_bookkeeping(name: str, store: LinkedStore) -> bool:
    return name.startswith("asOf:") or (name in BOOKKEEPING and name not in store.record.fields)


def _message(outlet: LinkedOutlet) -> Record:
    """What a message is as a whole: of a bus, its detail in an envelope."""
    if outlet.kind == "queue":
        return outlet.record
    return Record({"source": Field(STRING), "detail-type": Field(STRING), "detail": Field(outlet.record)})
