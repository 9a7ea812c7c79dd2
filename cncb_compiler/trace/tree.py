"""The tree that an event caused: event -> function -> row, event -> ... Pure: the same facts give the same tree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cncb_compiler.plan.assets import Asset
from cncb_compiler.trace.facts import Arrived, Effect, Facts, FunctionKey


@dataclass(frozen=True, slots=True)
class RowNode:
    """A row or object, and what its change caused. `latency` in milliseconds since the event came, where known."""

    effect: Effect
    latency: int | None
    functions: tuple[FunctionNode, ...]


@dataclass(frozen=True, slots=True)
class FunctionNode:
    """A function, with the rows and events that it made of the event above it."""

    function: FunctionKey | None
    rows: tuple[RowNode, ...]
    events: tuple[EventNode, ...]


@dataclass(frozen=True, slots=True)
class EventNode:
    """An event. `latency` is in milliseconds from its cause's arrival to its own; None for the first one.

    `again`: it stands further up already, with what it caused.
    """

    arrived: Arrived
    latency: int | None
    functions: tuple[FunctionNode, ...]
    again: bool = False


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree with the chain of causes above it, the first cause first.

    `origin` is the id at the chain's beginning, where it is of no known event: of a table's change, or of an event
    that the streams no longer hold.
    """

    causes: tuple[Arrived, ...]
    root: EventNode
    origin: str | None = None


def trees(facts: Facts, ids: Iterable[str]) -> tuple[Tree, ...]:
    """The trees of these events, each event once; of an id that is no event, the trees of what it caused."""
    builder = _Builder(facts)
    found: list[Tree] = []
    for event_id in dict.fromkeys(ids):
        starts = [event_id] if event_id in facts.events else [one.id for one in builder.caused.get(event_id, ())]
        for start in starts:
            if start in builder.seen:
                continue
            causes, origin = causes_of(facts, start)
            found.append(Tree(causes, builder.event(start, None), origin))
    return tuple(found)


def causes_of(facts: Facts, event_id: str) -> tuple[tuple[Arrived, ...], str | None]:
    """The causes above an event, the first one first, and the id beyond them, where it is of no known event."""
    chain: list[Arrived] = []
    seen = {event_id}
    trigger = facts.events[event_id].trigger
    while trigger is not None and trigger in facts.events and trigger not in seen:
        seen.add(trigger)
        chain.append(facts.events[trigger])
        trigger = facts.events[trigger].trigger
    return tuple(reversed(chain)), None if trigger in seen else trigger


class _Builder:
    """Builds trees of which no event is laid out twice, so that a circle of causes ends."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.caused = facts.caused()
        self.seen: set[str] = set()

    def event(self, event_id: str, since: float | None) -> EventNode:
        arrived = self.facts.events[event_id]
        latency = None if since is None else round((arrived.arrived - since) * 1000)
        if event_id in self.seen:
            return EventNode(arrived, latency, (), again=True)
        self.seen.add(event_id)
        effects = self.facts.effects.get(event_id, ())
        events = self.caused.get(event_id, ())
        tables = {(effect.function[0], effect.asset) for effect in effects if effect.asset is not None}
        return EventNode(arrived, latency, self._functions(arrived, effects, events, tables, None))

    def _functions(
        self,
        above: Arrived,
        effects: tuple[Effect, ...],
        events: tuple[Arrived, ...],
        tables: set[tuple[str, Asset]],
        table: tuple[str, Asset] | None,
    ) -> tuple[FunctionNode, ...]:
        """The functions that read `table`'s changes (None: a stream, or a table that the event left nothing in)."""
        here_effects = [one for one in effects if self._reads(one.function, tables) == table]
        here_events = [one for one in events if self._reads(one.by, tables) == table]
        functions = {one.function for one in here_effects} | {one.by for one in here_events}
        return tuple(
            FunctionNode(
                function,
                tuple(
                    self._row(above, one, effects, events, tables) for one in here_effects if one.function == function
                ),
                tuple(self.event(one.id, above.arrived) for one in here_events if one.by == function),
            )
            for function in sorted(functions, key=lambda one: one or ("", ""))
        )

    def _row(
        self,
        above: Arrived,
        effect: Effect,
        effects: tuple[Effect, ...],
        events: tuple[Arrived, ...],
        tables: set[tuple[str, Asset]],
    ) -> RowNode:
        ended = self.facts.ended.get((effect.function, above.id))
        latency = None if ended is None else round((ended - above.arrived) * 1000)
        if effect.asset is None or self._writer(effects, effect) is not effect:
            return RowNode(effect, latency, ())
        table = (effect.function[0], effect.asset)
        return RowNode(effect, latency, self._functions(above, effects, events, tables, table))

    def _reads(self, function: FunctionKey | None, tables: set[tuple[str, Asset]]) -> tuple[str, Asset] | None:
        """The table whose changes called a function, if this event left something in it."""
        source = self.facts.sources.get(function) if function else None
        if function is None or source is None or (function[0], source) not in tables:
            return None
        return function[0], source

    @staticmethod
    def _writer(effects: tuple[Effect, ...], effect: Effect) -> Effect:
        """The first of the effects in the same table: what its change caused stands there, once."""
        same = [one for one in effects if (one.function[0], one.asset) == (effect.function[0], effect.asset)]
        return same[0]
