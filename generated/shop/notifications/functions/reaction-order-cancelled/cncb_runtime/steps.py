"""The steps that decide which units go on, and with what."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .errors import PoisonError
from .unit import Step, UnitOfWork, Work, attempt, each

Mapped = Callable[[Any], Any]
"""A mapping of the package's `mapping.py`."""


def only(*types: str) -> Step:
    """Leave out events of other types."""

    def work(unit: UnitOfWork) -> Iterator[UnitOfWork]:
        if unit.event["type"] in types:
            yield _whole(unit)

    return each(work)


def for_types(works: Mapping[str, Work | tuple[Work, ...]]) -> Step:
    """Do with each event what its type asks for; leave out others. An error of one work stops no other."""
    return _dispatch("type", works, _whole)


def for_operations(works: Mapping[str, Work | tuple[Work, ...]]) -> Step:
    """Do with each change of a table what its operation (INSERT, MODIFY, REMOVE) asks for."""
    return _dispatch("operation", works, lambda unit: unit)


def when(condition: Mapped) -> Step:
    """Leave out events of which the condition does not hold."""

    def work(unit: UnitOfWork) -> Iterator[UnitOfWork]:
        if condition(unit.event):
            yield unit

    return each(work)


def to(mapped: Mapped) -> Work:
    """Hand what is made of the event to the next step."""

    def work(unit: UnitOfWork) -> Iterator[UnitOfWork]:
        yield unit.having(mapped(unit.event))

    return work


def call(function: Mapped) -> Step:
    """Call a function with each event, for what it does."""
    return each(to(function))


def foreign(units: Iterator[UnitOfWork]) -> Iterator[UnitOfWork]:
    """Leave out what this service has published (book: "Implementing bi-directional synchronization")."""
    own = (os.environ.get("SYSTEM"), os.environ.get("SERVICE"))
    for unit in units:
        tags = (unit.event or {}).get("tags") or {}
        if unit.error is not None or (tags.get("system"), tags.get("service")) != own:
            yield unit


def _dispatch(
    field: str, works: Mapping[str, Work | tuple[Work, ...]], prepare: Callable[[UnitOfWork], UnitOfWork]
) -> Step:
    wanted = {
        name: tuple(_behind(prepare, work) for work in (given if isinstance(given, tuple) else (given,)))
        for name, given in works.items()
    }

    def step(units: Iterator[UnitOfWork]) -> Iterator[UnitOfWork]:
        for unit in units:
            if unit.error is not None:
                yield unit
                continue
            for work in wanted.get(unit.event[field], ()):
                yield from attempt(work, unit)

    return step


def _behind(prepare: Callable[[UnitOfWork], UnitOfWork], work: Work) -> Work:
    return lambda unit: work(prepare(unit))


def _whole(unit: UnitOfWork) -> UnitOfWork:
    if unit.trigger is None:
        raise PoisonError(f"{unit.event['type']} has no id and timestamp")
    return unit
