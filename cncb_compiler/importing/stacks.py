"""Stacks as a topology: a service each, its functions with what they listen to, read and write, and events.

A template does not say what travels on a stream. Where a filter asks for types of events, they are events; else what is
published to a stream, queue, topic, bucket or bus is one event that is named after it.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping, Sequence

from cncb_compiler.importing.draft import Draft, Said, ServiceDraft, from_files
from cncb_compiler.importing.effects import READS, WRITES, dead_letters, granted, is_one, sent
from cncb_compiler.importing.intrinsics import properties
from cncb_compiler.importing.leftovers import note_leftovers
from cncb_compiler.importing.names import name_of, system_name_of, unique
from cncb_compiler.importing.stack import Lambda, Reference, Stack, Trigger
from cncb_compiler.importing.stores import BUCKETS, TABLES, bucket, table
from cncb_compiler.importing.things import named, output, thing
from cncb_compiler.importing.values import Notes, place
from cncb_compiler.model.base import matches
from cncb_compiler.model.command import ROUTE_PATTERN
from cncb_compiler.model.function import SCHEDULE_PATTERN

_WORDS = {"queue": "a queue", "topic": "a topic", "bucket": "a bucket", "events": "a rule of EventBridge"}
_EVENTS = {"stream": "event", "queue": "message", "topic": "message", "bucket": "object", "events": "event"}


def draft(stacks: Sequence[Stack], notes: Notes) -> Draft:
    """The topology of stacks."""
    return _Topology(stacks, notes).made()


class _Topology:
    """The draft in the making. `names` are those of streams, queues, topics and buses, of all stacks."""

    def __init__(self, stacks: Sequence[Stack], notes: Notes) -> None:
        self.stacks = stacks
        self.notes = notes
        self.draft = Draft(system_name_of(stacks[0].name) if stacks else "imported")
        self.published: dict[str, set[str]] = {}
        self.consumed: dict[str, set[str]] = {}
        self.effects: dict[str, set[str]] = {}
        self.streams: dict[str, Said] = {}
        self.store_names: dict[tuple[str, str], str] = {}
        self.used: set[tuple[str, str]] = set()

    def made(self) -> Draft:
        """The draft of all stacks."""
        self.draft.origin = (from_files([stack.file for stack in self.stacks]),)
        for stack in self.stacks:
            for logical_id, resource in stack.of_type("AWS::Kinesis::Stream"):
                self.streams[named(logical_id, "stream")] = _stream(stack, logical_id, resource)
        services = [(stack, self.service(stack)) for stack in self.stacks]
        found = [(stack, service, function) for stack, service in services for function in stack.functions.values()]
        for stack, service, function in found:
            self.function(stack, service, function)
        for stack, service, function in found:
            self.publishes(stack, service, function)
        for name, said in self.draft.events.items():
            senders = sorted(self.published.get(name, ()))
            if not senders:
                said.value["external"] = True
            elif len(senders) > 1:
                said.value["owner"] = senders
        self.draft.streams = dict(sorted(self.streams.items()))
        self.place_events()
        for stack, service in services:
            if not stack.functions and not service.stores and any(stack.of_type("AWS::Kinesis::Stream")):
                service.head["kind"] = "event-hub"
            idle = {name for name in stack.resources if (stack.file, name) not in self.used}
            note_leftovers(stack, idle, dead_letters(stack), self.notes)
        self.draft.events = dict(sorted(self.draft.events.items()))
        return self.draft

    def service(self, stack: Stack) -> ServiceDraft:
        """A service with what it holds."""
        name = unique(stack.name, self.draft.services)
        service = ServiceDraft(name, (f"From {stack.file}.",))
        if stack.description:
            service.head["description"] = stack.description
        for logical_id, resource in stack.of_type(*TABLES, *BUCKETS):
            kind = "bucket" if stack.type_of(logical_id) in BUCKETS else "table"
            value = bucket() if kind == "bucket" else table(resource, self.notes)
            known = "only its keys are known" if kind == "table" else "what its objects hold is not known"
            origin = (f"From the {kind} `{logical_id}`; {known}.",)
            store = unique(named(logical_id, "store"), service.stores)
            self.store_names[stack.file, logical_id] = store
            service.stores[store] = Said(value, origin, place(resource))
        self.draft.services[name] = service
        return service

    def function(self, stack: Stack, service: ServiceDraft, function: Lambda) -> None:
        """A function with its triggers, stores and settings; what it publishes comes later."""
        name = unique(function.name, service.functions)
        function.name = name
        module = re.sub(r"[^a-z0-9]+", "_", name.lower())
        module = f"{module}_function" if keyword.iskeyword(module) else module
        value: dict[str, object] = {"handler": f"{module}.handle"}
        on: dict[str, None] = {}
        reads: dict[str, None] = {}
        said: list[str] = []
        for trigger in function.triggers:
            if trigger.kind == "table":
                store = self.store_names.get((stack.file, trigger.source.logical_id), "")
                if store:
                    reads[store] = None
                    said.append(f"It is invoked by changes of `{store}`.")
            elif trigger.kind == "route":
                self.route(service, value, trigger)
            elif trigger.kind == "schedule":
                self.schedule(value, trigger)
            else:
                events = self.events(stack, trigger)
                on.update(dict.fromkeys(events))
                if trigger.kind != "stream":
                    listed = ", ".join(f"`{event}`" for event in events)
                    said.append(f"{listed}: today by {_WORDS[trigger.kind]}, not by a stream.")
        if on:
            value["on"] = sorted(on)
        writes = self.stores(stack, function, WRITES)
        reads.update(dict.fromkeys(self.stores(stack, function, READS)))
        if reads:
            value["reads"] = sorted(reads)
        if writes and not (set(reads) & set(writes) and any(trigger.kind == "table" for trigger in function.triggers)):
            value["writes"] = writes[0]
            for other in writes[1:]:
                self.notes.add(
                    function.at, None, f"`{name}` also writes `{other}`; a function writes one thing, so split it."
                )
        settings = _settings(function)
        if settings:
            value["function"] = settings
        handler = f", handler `{function.handler}`" if function.handler else ""
        runtime = f", {function.runtime}" if function.runtime else ""
        origin = (f"From the function `{function.logical_id}`{handler}{runtime}.", *dict.fromkeys(said))
        if function.shared and function.grants:
            origin += ("What it reads and writes is what a role of several functions allows.",)
        service.functions[name] = Said(dict(value), origin, place(function.at))
        self.consumed[f"{service.name}.{name}"] = set(on)

    def publishes(self, stack: Stack, service: ServiceDraft, function: Lambda) -> None:
        """What a function publishes, where that brings about no circle."""
        said = service.functions[function.name]
        names: dict[str, None] = {}
        failures = dead_letters(stack)
        for grant in granted(function):
            kind = sent(grant)
            if kind is None or grant.target.logical_id in failures:
                continue
            names[self.event_of(kind, stack, grant.target)] = None
        for event in sorted(names):
            if "writes" in said.value:
                self.notes.count(
                    function.at, event, "may also be published by functions that write a store: split them."
                )
                said.origin += (f"It may also publish `{event}`.",)
            elif self.leads_back(event, self.consumed[f"{service.name}.{function.name}"]):
                self.notes.add(
                    function.at,
                    None,
                    f"`{function.name}` may also publish `{event}`, which would bring itself about: name its types.",
                )
                self.declared(event, stack, function)
            else:
                self.declared(event, stack, function)
                said.value.setdefault("publishes", [])
                said.value["publishes"].append(event)
                self.published.setdefault(event, set()).add(service.name)
                for cause in self.consumed[f"{service.name}.{function.name}"]:
                    self.effects.setdefault(cause, set()).add(event)

    def leads_back(self, event: str, causes: set[str]) -> bool:
        """Whether an event would, in the end, bring about what causes it."""
        seen: set[str] = set()
        waiting = [event]
        while waiting:
            one = waiting.pop()
            if one in causes:
                return True
            if one not in seen:
                seen.add(one)
                waiting += self.effects.get(one, ())
        return False

    def declared(self, event: str, stack: Stack, function: Lambda) -> None:
        self.draft.events.setdefault(
            event, Said({}, (f"What is in it is not described in {stack.file}.",), place(function.at))
        )

    def events(self, stack: Stack, trigger: Trigger) -> list[str]:
        """The events that a trigger hands over."""
        stream = self.stream_name(stack, trigger.source) if trigger.kind == "stream" else ""
        names = [name_of(type_, "event") for type_ in trigger.types] or [
            self.event_of(trigger.kind, stack, trigger.source)
        ]
        for name, called in zip(names, trigger.types or names, strict=False):
            origin = (
                (f"Type `{called}` of a filter.",)
                if trigger.types
                else (f"What is in it is not described in {stack.file}.",)
            )
            value = {"stream": stream} if stream else {}
            self.draft.events.setdefault(name, Said(value, origin, place(trigger.at)))
        return names

    def event_of(self, kind: str, stack: Stack, source: Reference) -> str:
        """The event that stands for all that travels on something."""
        name = self.stream_name(stack, source) if kind == "stream" else thing(self.known(source), kind)
        self.used.add((stack.file, source.logical_id))
        event = name_of(f"{name}-{_EVENTS[kind]}", "event")
        if kind == "stream":
            self.draft.events.setdefault(
                event, Said({"stream": name}, (f"What travels on the stream `{name}`; its types are not described.",))
            )
        return event

    def stream_name(self, stack: Stack, source: Reference) -> str:
        """The name of a stream, of this stack or another."""
        name = thing(self.known(source), "stream")
        self.streams.setdefault(name, Said({}, ("A stream of another stack.",)))
        return name

    def known(self, source: Reference) -> Reference:
        """What another of the stacks exports by the text of a reference; else the reference itself."""
        named = output(source.text)
        for stack in self.stacks if source.text else ():
            for key, one in stack.outputs.items():
                told = named is not None and key == named[1] and name_of(named[0]) == stack.name
                if one.export == source.text or told:
                    self.used.add((stack.file, one.logical_id))
                    return Reference(one.logical_id)
        return source

    def place_events(self) -> None:
        """Say on which stream events travel, only where there are several."""
        streams = self.draft.streams
        for said in self.draft.events.values():
            if len(streams) < 2:
                said.value.pop("stream", None)
            elif "stream" not in said.value:
                said.value["stream"] = next(iter(streams))

    def stores(self, stack: Stack, function: Lambda, wanted: Mapping[str, tuple[str, ...]]) -> list[str]:
        """The stores on which a function may do what is wanted."""
        found: dict[str, None] = {}
        for grant in granted(function):
            store = self.store_names.get((stack.file, grant.target.logical_id))
            if store is not None and any(is_one(action, wanted) for action in grant.actions):
                found[store] = None
        return list(found)

    def route(self, service: ServiceDraft, value: dict[str, object], trigger: Trigger) -> None:
        """The route of a function; it can have one, and no other of the service has it."""
        route = re.sub(r"\{([^}+]*)\+\}", r"{\1}", trigger.said)
        taken = {said.value.get("route") for said in service.functions.values()}
        if "route" in value or route in taken or not matches(ROUTE_PATTERN, route):
            self.notes.add(
                trigger.at,
                None,
                f"the route `{trigger.said}` is left out: a function has one, with a method and plain parameters.",
            )
            return
        if route != trigger.said:
            self.notes.add(trigger.at, None, f"`{trigger.said}` takes longer paths than `{route}`.")
        value |= {"route": route, "auth": "none" if trigger.auth == "none" else "iam"}
        if trigger.auth == "authorizer":
            self.notes.add(trigger.at, None, f"the authorizer of `{route}` becomes `auth: iam`.")

    def schedule(self, value: dict[str, object], trigger: Trigger) -> None:
        """The schedule of a function."""
        if "schedule" in value or not matches(SCHEDULE_PATTERN, trigger.said):
            self.notes.add(
                trigger.at, None, f"the schedule `{trigger.said}` is left out: a function has one, a `rate` or `cron`."
            )
        else:
            value["schedule"] = trigger.said


def _stream(stack: Stack, logical_id: str, resource: object) -> Said:
    said = properties(resource)
    value: dict[str, object] = {}
    hours, shards = said.get("RetentionPeriodHours"), said.get("ShardCount")
    if isinstance(hours, int) and 24 <= hours <= 8760:
        value["retention"] = f"{hours}h"
    if isinstance(shards, int) and 1 <= shards <= 500:
        value["shards"] = shards
    return Said(value, (f"From the stream `{logical_id}` of {stack.file}.",), place(resource))


def _settings(function: Lambda) -> dict[str, object]:
    value: dict[str, object] = {}
    if function.memory is not None and 128 <= function.memory <= 10240:
        value["memory"] = function.memory
    if function.timeout is not None and 1 <= function.timeout <= 900:
        value["timeout"] = f"{function.timeout}s"
    if function.concurrency is not None and 0 <= function.concurrency <= 100_000:
        value["concurrency"] = function.concurrency
    return value
