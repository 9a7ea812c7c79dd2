"""Business processes: what follows from an event that somebody outside brings about, in its order.

The language declares the steps (transitions, reactions, changes), each where it belongs; a process is what they make
together. It begins with an event that carries no context and that a command, a schedule, a time to live or a system
outside brings about, and that another event follows from. It is named after that event.

It goes on by transitions, by reactions whose write is published as a change, by functions of the team's own, and by
people: where a reaction keeps the process's context in a row, a command on that row that publishes the context is the
next step, whenever somebody calls it. Guards are not evaluated, so a process holds every way that it may take.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from msgspec import Struct

from cncb_compiler.graph.captured import may_capture
from cncb_compiler.graph.system import (
    Construct,
    Emission,
    LinkedChange,
    LinkedReaction,
    LinkedService,
    LinkedStore,
    LinkedSystem,
    Write,
)
from cncb_compiler.schema.types import Anything


class Cause(Struct, frozen=True):
    """A way in which an event is brought about.

    `by` does it: a command, function, transition, reaction, or the change of a store whose rows expire. `events` set it
    off, each of them alone; with `together` only all of them. It is `called` by somebody outside (a person, a system, a
    clock), with `events` only once these have happened. `store` is what is written, where the event is that change.
    """

    event: str
    by: Construct
    events: tuple[str, ...] = ()
    together: bool = False
    called: bool = False
    store: LinkedStore | None = None
    emission: Emission | None = None


class Moment(Struct, frozen=True):
    """An event of a process: what brings it about, and who listens to it. `level` counts the events before it."""

    event: str
    level: int
    causes: tuple[Cause, ...]
    listeners: tuple[Construct, ...]


class Process(Struct, frozen=True):
    """A process, from the event that it is named after to the last that may follow."""

    name: str
    moments: tuple[Moment, ...]


Causes = Mapping[str, tuple[Cause, ...]]
"""By event."""


def processes(system: LinkedSystem) -> tuple[Process, ...]:
    """Every process of the system, by name."""
    causes = causes_of(system)
    following: dict[str, set[str]] = defaultdict(set)
    for event, found in causes.items():
        for cause in found:
            for before in cause.events:
                following[before].add(event)
    begins = [event for event in sorted(system.events) if _begins(system, event, causes) and following[event] - {event}]
    return tuple(Process(event, _moments(system, event, causes, following)) for event in begins)


def causes_of(system: LinkedSystem) -> Causes:
    """What may bring about each event of the system."""
    found: dict[str, list[Cause]] = defaultdict(list)
    for service in system.services.values():
        for cause in _causes(system, service):
            found[cause.event].append(cause)
    return {event: tuple(found[event]) for event in sorted(found)}


def _begins(system: LinkedSystem, event: str, causes: Causes) -> bool:
    linked = system.events[event]
    if linked.decl.context:
        return False
    return linked.decl.external or any(cause.called and not cause.events for cause in causes.get(event, ()))


def _causes(system: LinkedSystem, service: LinkedService) -> Iterator[Cause]:
    for command in service.commands:
        if isinstance(command.effect, Emission):
            yield Cause(command.effect.event, command.construct, called=True, emission=command.effect)
    for function in service.functions:
        for event in function.publishes:
            yield Cause(event, function.construct, function.events, called=not function.events)
    for change in service.changes:
        yield from _captured(system, service, change)
    for transition in service.transitions:
        emission = transition.emission
        together = transition.collect is not None
        yield Cause(emission.event, transition.construct, transition.events, together, emission=emission)


def _captured(system: LinkedSystem, service: LinkedService, change: LinkedChange) -> Iterator[Cause]:
    store = change.store
    reactions = [
        reaction
        for reaction in service.reactions
        if isinstance(reaction.effect, Write) and reaction.effect.store is store
    ]
    kept = _kept(system, reactions, store)
    for operation, emission in change.captured:
        carries = emission.event in system.events and system.events[emission.event].decl.context
        waits = kept if carries else ()
        for command in service.commands:
            effect = command.effect
            if isinstance(effect, Write) and effect.store is store and may_capture(effect, operation, emission.when):
                yield Cause(emission.event, command.construct, waits, True, True, store, emission)
        for reaction in () if change.decl.latch else reactions:
            assert isinstance(reaction.effect, Write)
            if may_capture(reaction.effect, operation, emission.when):
                yield Cause(emission.event, reaction.construct, reaction.events, False, False, store, emission)
        for function in service.functions:
            if function.writes is store:
                called = not function.events
                yield Cause(emission.event, function.construct, function.events, False, called, store, emission)
        if operation == "REMOVE" and store.ttl:
            yield Cause(emission.event, change.construct, waits, True, True, store, emission)


def _kept(system: LinkedSystem, reactions: list[LinkedReaction], store: LinkedStore) -> tuple[str, ...]:
    """The events whose reactions leave a row that has the context of its process; the saga's way back is none."""
    field = store.record.fields.get("context")
    if field is None or not isinstance(system.types.resolve(field.type), Anything):
        return ()
    events = {event for reaction in reactions if not reaction.decl.compensates for event in reaction.events}
    return tuple(sorted(events))


def _moments(system: LinkedSystem, begin: str, causes: Causes, following: Mapping[str, set[str]]) -> tuple[Moment, ...]:
    inside = _reached(begin, following)
    level = {begin: 0}
    ways = [cause for event in sorted(inside - {begin}) for cause in causes.get(event, ())]
    after = {event: _reached(event, following) for event in {cause.event for cause in ways if cause.together}}
    number = 0
    while len(level) < len(inside):
        number += 1
        placed = {cause.event for cause in ways if cause.event not in level and _is_due(cause, level, inside, after)}
        for event in placed:
            level[event] = number
    return tuple(
        Moment(
            event, level[event], _told(causes.get(event, ()), event == begin, inside), system.consumers.get(event, ())
        )
        for event in sorted(inside, key=lambda event: (level[event], _is_left_to_others(causes.get(event, ())), event))
    )


def _is_left_to_others(causes: tuple[Cause, ...]) -> bool:
    return all(cause.called for cause in causes)


def _is_due(cause: Cause, level: Mapping[str, int], inside: set[str], after: Mapping[str, set[str]]) -> bool:
    """Whether what a cause needs has happened; it does not wait for what can only follow from it."""
    within = [event for event in cause.events if event in inside]
    if not cause.together:
        return any(event in level for event in within)
    needed = [event for event in within if event not in after[cause.event]]
    return bool(within) and all(event in level for event in needed) and any(event in level for event in within)


def _told(causes: tuple[Cause, ...], first: bool, inside: set[str]) -> tuple[Cause, ...]:
    """The causes that belong to the process: those from outside of its first event, those from inside of the others."""
    if first:
        return tuple(cause for cause in causes if cause.called)
    return tuple(cause for cause in causes if any(event in inside for event in cause.events))


def _reached(event: str, following: Mapping[str, set[str]]) -> set[str]:
    found = {event}
    waiting = [event]
    while waiting:
        for one in following.get(waiting.pop(), ()):
            if one not in found:
                found.add(one)
                waiting.append(one)
    return found
