"""Which declarations the scenarios of a system have exercised."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cncb_compiler.graph.system import Construct, LinkedReaction, LinkedService, LinkedView, Write
from cncb_compiler.operate.names import FunctionName, Names
from cncb_compiler.scenarios.findings import FAULT, Seen
from cncb_compiler.scenarios.outcome import Reached
from cncb_compiler.scenarios.world import Invocation

KINDS = ("commands", "queries", "views", "reactions", "transitions", "changes", "functions")


@dataclass(frozen=True, slots=True)
class Covered:
    """One declaration: whether scenarios reach it, and what of it they do not (event types, as text)."""

    construct: Construct
    reached: bool
    missing: tuple[str, ...] = ()


@dataclass(slots=True)
class Evidence:
    """What scenarios made happen; grows scenario by scenario.

    `succeeded` are functions that came to an end without error; `delivered` are pairs of a function and an event type
    that it was given and did not fault on; `emitted` are service, function, type, and type of the trigger.
    """

    succeeded: set[FunctionName] = field(default_factory=set)
    delivered: set[tuple[FunctionName, str]] = field(default_factory=set)
    emitted: set[tuple[str, str, str, str | None]] = field(default_factory=set)
    written: set[str] = field(default_factory=set)

    def add(self, reached: Reached, invocations: Iterable[Invocation]) -> None:
        """Add what one scenario made happen."""
        self.written |= reached.written
        types = {one.event["id"]: one.type for one in reached.events}
        faulted = set()
        for seen in reached.events:
            tags = _tags(seen)
            trigger = tags.get("trigger")
            if seen.type == FAULT:
                faulted.add((tags.get("service"), seen.event.get("pipeline"), trigger))
            else:
                origin = types.get(trigger) if trigger is not None else None
                self.emitted.add((str(tags.get("service")), str(tags.get("function")), seen.type, origin))
        for invocation in invocations:
            if invocation.failed:
                continue
            name = invocation.function
            self.succeeded.add(name)
            for event in delivered(invocation.payload):
                if (name.service, name.function, event.get("id")) not in faulted:
                    self.delivered.add((name, str(event.get("type"))))

    def merge(self, other: Evidence) -> None:
        """Add what another run has gathered."""
        self.succeeded |= other.succeeded
        self.delivered |= other.delivered
        self.emitted |= other.emitted
        self.written |= other.written


def delivered(payload: Any) -> Iterator[Mapping[str, Any]]:
    """The events in the payload of an invocation by a stream."""
    records = payload.get("Records") if isinstance(payload, dict) else None
    for record in records if isinstance(records, list) else ():
        data = record.get("kinesis", {}).get("data") if isinstance(record, dict) else None
        if isinstance(data, str):
            try:
                event = json.loads(base64.b64decode(data))
            except ValueError:
                continue
            if isinstance(event, dict):
                yield event


def coverage(names: Names, evidence: Evidence) -> tuple[Covered, ...]:
    """Each declaration of a system with whether it was exercised, by service and kind.

    - A command, query or own function: it came to an end without error.
    - A view: its function was given each of its event types (`missing` lists the others), and it was written.
    - A reaction: as a view; one that calls a hook has nothing that is written.
    - A transition: the event that it emits was seen, caused by one of its triggers (of a join: by the join).
    - A change: each event that it publishes was seen; `missing` lists the others.
    """
    services = sorted(names.system.services.values(), key=lambda service: service.name)
    return tuple(one for service in services for one in _service(service, evidence))


def percentage(covered: Iterable[Covered]) -> float:
    """How many of a hundred are reached; all, where there are none."""
    listed = list(covered)
    return 100 * sum(one.reached for one in listed) / len(listed) if listed else 100.0


def _service(service: LinkedService, evidence: Evidence) -> Iterator[Covered]:
    def ended(prefix: str, construct: Construct) -> bool:
        return FunctionName(service.name, f"{prefix}{construct.name}") in evidence.succeeded

    for command in service.commands:
        yield Covered(command.construct, ended("command-", command.construct))
    for query in service.queries:
        yield Covered(query.construct, ended("query-", query.construct))
    for view in service.views:
        yield _view(service, view, evidence)
    for reaction in service.reactions:
        yield _reaction(service, reaction, evidence)
    for transition in service.transitions:
        if transition.collect is not None:
            function = f"join-{transition.construct.name}"
            reached = any(
                (by, of, event) == (service.name, function, transition.emission.event)
                for by, of, event, _ in evidence.emitted
            )
        else:
            reached = any(
                (service.name, "transitions", transition.emission.event, event) in evidence.emitted
                for event in transition.events
            )
        yield Covered(transition.construct, reached)
    for change in service.changes:
        function = f"changes-{change.construct.name}"
        seen = {event for by, of, event, _ in evidence.emitted if (by, of) == (service.name, function)}
        wanted = dict.fromkeys(emission.event for _, emission in change.captured)
        missing = tuple(event for event in wanted if event not in seen)
        yield Covered(change.construct, len(missing) < len(wanted), missing)
    for function_ in service.functions:
        name = FunctionName(service.name, function_.construct.name)
        missing = _undelivered(name, function_.events, evidence)
        yield Covered(function_.construct, name in evidence.succeeded and not missing, missing)


def _view(service: LinkedService, view: LinkedView, evidence: Evidence) -> Covered:
    collected = view.collect is not None
    events = view.collect.events if view.collect is not None else tuple(one.event for one in view.projections)
    function = FunctionName(service.name, f"{'collect' if collected else 'view'}-{view.construct.name}")
    missing = _undelivered(function, events, evidence)
    written = f"{service.name}.{view.store.name}" in evidence.written
    return Covered(view.construct, written and len(missing) < len(events), missing)


def _reaction(service: LinkedService, reaction: LinkedReaction, evidence: Evidence) -> Covered:
    function = FunctionName(service.name, f"reaction-{reaction.construct.name}")
    missing = _undelivered(function, reaction.events, evidence)
    reached = len(missing) < len(reaction.events)
    if isinstance(reaction.effect, Write) and reaction.effect.verb != "delete":
        reached = reached and f"{service.name}.{reaction.effect.store.name}" in evidence.written
    return Covered(reaction.construct, reached, missing)


def _undelivered(function: FunctionName, events: Iterable[str], evidence: Evidence) -> tuple[str, ...]:
    return tuple(event for event in events if (function, event) not in evidence.delivered)


def _tags(seen: Seen) -> Mapping[str, Any]:
    tags = seen.event.get("tags")
    return tags if isinstance(tags, dict) else {}


def report(covered: Iterable[Covered]) -> str:
    """The coverage by service, with what no scenario reaches."""
    by_service: dict[str, list[Covered]] = {}
    for one in covered:
        by_service.setdefault(one.construct.service, []).append(one)
    lines = []
    for service, listed in by_service.items():
        lines.append(f"{service:<28} {percentage(listed):5.1f}%  {sum(one.reached for one in listed)}/{len(listed)}")
        for one in listed:
            if not one.reached:
                lines.append(f"  not reached: {one.construct.section}.{one.construct.name}  ({one.construct.at})")
            elif one.missing:
                lines.append(f"  {one.construct.section}.{one.construct.name}: never saw {', '.join(one.missing)}")
    every = [one for listed in by_service.values() for one in listed]
    lines.append(f"{'all':<28} {percentage(every):5.1f}%  {sum(one.reached for one in every)}/{len(every)}")
    return "\n".join(lines)


def as_json(covered: Iterable[Covered]) -> dict[str, Any]:
    """The coverage as JSON."""
    listed = list(covered)
    return {
        "percentage": round(percentage(listed), 1),
        "declarations": [
            {
                "service": one.construct.service,
                "section": one.construct.section,
                "name": one.construct.name,
                "declaration": str(one.construct.at),
                "reached": one.reached,
                "missing": list(one.missing),
            }
            for one in listed
        ],
    }
