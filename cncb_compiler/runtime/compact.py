"""Of a batch's events of one kind about one thing, only the newest is worked on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from . import jsons
from .deadline import held_back
from .unit import Step, UnitOfWork

Mapped = Callable[[Any], Any]


def compact(values: Mapping[str, Mapped]) -> Step:
    """Leave out events that a newer one of the batch makes superfluous.

    `values` says by event type what an event is about; two of one type with one value are about the same thing. The
    newest is the one with the highest timestamp, of equals the last. An event without a value stands for itself.
    """

    def step(units: Iterator[UnitOfWork]) -> Iterator[UnitOfWork]:
        newest: dict[object, UnitOfWork] = {}
        for number, given in enumerate(units):
            unit, about = _about(given, values)
            key = number if about is None else about
            if key not in newest or newest[key].cause.timestamp <= unit.cause.timestamp:
                newest[key] = unit
        yield from held_back(iter(sorted(newest.values(), key=lambda unit: unit.position)))

    return step


def _about(unit: UnitOfWork, values: Mapping[str, Mapped]) -> tuple[UnitOfWork, tuple[str, str] | None]:
    if unit.error is not None or unit.trigger is None or unit.event["type"] not in values:
        return unit, None
    try:
        value = values[unit.event["type"]](unit.event)
    except Exception as error:
        return unit.failed(error), None
    return unit, None if value is None else (unit.event["type"], jsons.dumps(value))
