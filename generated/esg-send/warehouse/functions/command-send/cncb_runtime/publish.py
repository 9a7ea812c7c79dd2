"""The sink that publishes: the events of a pipeline in few requests, or the one of a command."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from . import metrics, stream, tracing
from .batch import batch
from .bulk import Entry, Limits
from .emission import Emission
from .envelope import now, random_id
from .unit import UnitOfWork


class Events:
    """The streams, as a place for the events that the values of units are."""

    limits: Limits = stream.LIMITS

    def entry(self, unit: UnitOfWork) -> Entry:
        """The unit's event."""
        return stream.entry(unit.value)

    def send(self, entries: Sequence[Entry]) -> Sequence[Exception | None]:
        """Put events of one stream."""
        return stream.send(entries)


EVENTS = Events()
_sent = batch(EVENTS)


def publish(units: Iterator[UnitOfWork]) -> Iterator[UnitOfWork]:
    """Publish the event that each unit's value is."""
    return counted(_sent(units))


def counted(units: Iterator[UnitOfWork]) -> Iterator[UnitOfWork]:
    """Count the events that were published."""
    for unit in units:
        if unit.error is None:
            metrics.published(unit.value.stream, unit.value.event["type"])
        yield unit


def distinct(units: Iterator[UnitOfWork]) -> Iterator[UnitOfWork]:
    """Leave out an event that this batch has already made."""
    seen: set[str] = set()
    for unit in units:
        if unit.error is None:
            if unit.value.event["id"] in seen:
                continue
            seen.add(unit.value.event["id"])
        yield unit


def publish_now(emission: Emission, command: dict[str, Any]) -> dict[str, str] | None:
    """Publish the event that a command asks for; answer with its id, or None where `when` does not hold."""
    if emission.when is not None and not emission.when(command):
        return None
    event_id = random_id()
    event = emission.made(command, event_id, now(), event_id, None, tracing.begun())
    for error in stream.put([event]):
        if error is not None:
            raise error
    metrics.published(emission.stream, emission.event)
    return {"id": event_id}
