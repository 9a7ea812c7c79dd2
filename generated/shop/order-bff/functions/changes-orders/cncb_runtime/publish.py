"""The sink that publishes: the events of a pipeline in few requests, or the one of a command."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from .emission import Emission
from .envelope import now, random_id
from .stream import MAX_ENTRIES, put
from .unit import UnitOfWork


def publish(units: Iterator[UnitOfWork]) -> Iterator[UnitOfWork]:
    """Publish the event that each unit's value is."""
    while chunk := list(islice(units, MAX_ENTRIES)):
        ready = [unit for unit in chunk if unit.error is None]
        errors = iter(put([unit.value for unit in ready]))
        for unit in chunk:
            error = None if unit.error is not None else next(errors)
            yield unit if error is None else unit.failed(error)


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
    event = emission.made(command, event_id, now(), event_id, None)
    for error in put([event]):
        if error is not None:
            raise error
    return {"id": event_id}
