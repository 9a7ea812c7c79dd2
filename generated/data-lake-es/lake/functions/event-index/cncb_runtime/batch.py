"""The sink that writes by few requests what many units ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from .bulk import Entry, Limits, Runner, one_by_one, send_all
from .errors import is_transient
from .unit import Step, UnitOfWork


class Bulk(Protocol):
    """Where entries are sent to."""

    @property
    def limits(self) -> Limits:
        """What one request takes."""

    def entry(self, unit: UnitOfWork) -> Entry | None:
        """What a unit asks for; None where that is nothing."""

    def send(self, entries: Sequence[Entry]) -> Sequence[Exception | None]:
        """Send one request: `bulk.Send`."""


def batch(
    sink: Bulk,
    *,
    most: int | None = None,
    before: Callable[[int], None] | None = None,
    runner: Runner = one_by_one,
) -> Step:
    """Send what the units ask for, `most` entries a request, or as many as the sink takes.

    `before` is called with the number of entries before each request: a `Rate` waits there. Each unit has its own
    error, or none.
    """

    def step(units: Iterator[UnitOfWork]) -> Iterator[UnitOfWork]:
        limits = sink.limits if most is None else sink.limits._replace(entries=most)
        asking: list[UnitOfWork] = []
        entries: list[Entry] = []
        others: list[UnitOfWork] = []
        for unit in units:
            made, entry = _entry(sink, unit)
            if entry is None:
                others.append(made)
                if made.error is not None and is_transient(made.error):
                    break
            else:
                asking.append(made)
                entries.append(entry)
        errors = send_all(entries, limits, sink.send, before=before, runner=runner)
        for unit, error in zip(asking, errors, strict=True):
            yield unit if error is None else unit.failed(error)
        yield from others

    return step


def _entry(sink: Bulk, unit: UnitOfWork) -> tuple[UnitOfWork, Entry | None]:
    if unit.error is not None:
        return unit, None
    try:
        return unit, sink.entry(unit)
    except Exception as error:
        return unit.failed(error), None
