"""Computing a view's row from collected events (book: "Implementing an analytics BFF").

The row is computed afresh from all of its events, so duplicates and disorder do not matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .projection import Row
from .reaction import Store
from .stamp import Stamp
from .unit import Step, UnitOfWork, Work, each

Mapped = Callable[[Any], Any]


def evaluate(keys: Mapping[str, Mapped], row: Callable[[list[dict[str, Any]]], dict[str, Any]]) -> Work:
    """Compute the row of the collected event's view key, from those correlated events that have the same key.

    `keys` is the view key by event type.
    """

    def work(unit: UnitOfWork) -> Iterator[UnitOfWork]:
        key = keys[unit.event["type"]](unit.event)
        events = [event for event in unit.value if _key(keys, event) == key]
        own = (unit.cause.timestamp, unit.cause.id)
        last = max(((event["timestamp"], event["id"]) for event in events), default=own)
        yield unit.having(Row(key, row(events), last[0], trigger=last[1]))

    return work


def row(keys: Mapping[str, Mapped]) -> Callable[[UnitOfWork], tuple[Any, ...]]:
    """The row that a collected event is about; the unit's value is its correlation."""

    def row_of(unit: UnitOfWork) -> tuple[Any, ...]:
        return (unit.value, *keys[unit.event["type"]](unit.event).values())

    return row_of


def stored(bucket: Store) -> Work:
    """The sink: write the unit's row as an object."""

    def work(unit: UnitOfWork) -> Iterator[UnitOfWork]:
        bucket.put({**unit.value.fields, **unit.value.key}, Stamp(unit.value.timestamp, unit.value.trigger))
        yield unit

    return work


def joined(*types: str) -> Step:
    """Go on once events of all `types` have been collected, with `{type: event}`, the first of each type.

    Every event that comes to a whole set goes on, so what is caused is made again, the same; its id is
    derived from the correlation. `context` is what the contexts of all hold together.
    """

    def work(unit: UnitOfWork) -> Iterator[UnitOfWork]:
        first: dict[str, Any] = {}
        for event in unit.value:
            first.setdefault(event["type"], event)
        if not all(name in first for name in types):
            return
        events = {name: first[name] for name in types}
        context: dict[str, Any] = {}
        for event in events.values():
            context |= event.get("context") or {}
        cause = unit.cause
        last = max(event["timestamp"] for event in events.values())
        trigger = cause._replace(
            timestamp=last,
            effect_timestamp=last + 1,
            partition_key=str(events[types[0]]["partitionKey"]),
        )
        yield unit.decoded({**events, "context": context, "id": cause.seed}, trigger)

    return each(work)


def _key(keys: Mapping[str, Mapped], event: Mapping[str, Any]) -> Any:
    mapped = keys.get(event["type"])
    return None if mapped is None else mapped(event)
