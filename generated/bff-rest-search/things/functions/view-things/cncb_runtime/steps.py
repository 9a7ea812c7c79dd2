"""The steps that decide which units go on, and with what."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NoReturn

from .errors import PoisonError
from .unit import Step, UnitOfWork, Work, attempt, each

Mapped = Callable[[Any], Any]
"""A mapping of the package's `mapping.py`."""


def only(*types: str) -> Step:
    """Leave out events of other types."""
    return for_types(dict.fromkeys(types, _on))


def for_types(works: Mapping[str, Work | tuple[Work, ...]]) -> Step:
    """Do with each event what its type asks for; leave out others. An error of one work stops no other."""
    return _dispatch("type", works)


def for_operations(works: Mapping[str, Work | tuple[Work, ...]]) -> Step:
    """Do with each change of a table what its operation (INSERT, MODIFY, REMOVE) asks for."""
    return _dispatch("operation", works)


def when(condition: Mapped) -> Step:
    """Leave out events of which the condition does not hold."""

    def work(unit: UnitOfWork) -> tuple[UnitOfWork, ...]:
        return (unit,) if condition(unit.event) else ()

    return each(work)


def to(mapped: Mapped) -> Work:
    """Hand what is made of the event to the next step."""

    def work(unit: UnitOfWork) -> tuple[UnitOfWork]:
        return (unit.having(mapped(unit.event)),)

    return work


def foreign(units: Iterator[UnitOfWork]) -> Iterator[UnitOfWork]:
    """Leave out what this service has published (book: "Implementing bi-directional synchronization")."""
    own = (os.environ.get("SYSTEM"), os.environ.get("SERVICE"))
    for unit in units:
        tags = (unit.event or {}).get("tags") or {}
        if unit.error is not None or (tags.get("system"), tags.get("service")) != own:
            yield unit


def _dispatch(field: str, works: Mapping[str, Work | tuple[Work, ...]]) -> Step:
    wanted = {name: given if isinstance(given, tuple) else (given,) for name, given in works.items()}

    def step(units: Iterator[UnitOfWork]) -> Iterator[UnitOfWork]:
        for unit in units:
            if unit.error is not None:
                yield unit
                continue
            for work in wanted.get(unit.event[field], ()):
                yield from attempt(work if unit.trigger is not None else _refused, unit)

    step.__qualname__ = f"for_{field}s"
    return step


def _on(unit: UnitOfWork) -> tuple[UnitOfWork]:
    return (unit,)


def _refused(unit: UnitOfWork) -> NoReturn:
    raise PoisonError(f"{unit.event['type']} has no id and timestamp")
