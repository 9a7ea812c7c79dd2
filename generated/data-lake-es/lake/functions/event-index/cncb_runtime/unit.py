"""The unit of work: one record on its way through a pipeline, with all that belongs to it alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias


class Trigger(NamedTuple):
    """What caused the work. `seed` is what ids of caused events are derived from.

    `timestamp` is when it happened, `effect_timestamp` when what it causes is said to happen, in
    milliseconds. `origin` is the event behind it, where it is a change of a row that an event has made.
    `traceparent` is the trace that all of it belongs to (W3C Trace Context).
    """

    id: str
    timestamp: int
    effect_timestamp: int
    partition_key: str
    seed: str
    origin: str | None = None
    traceparent: str | None = None


class UnitOfWork(NamedTuple):
    """A record, the event in it, and what the steps so far have made of it.

    `record` is as the source delivered it, at `position` of the batch. `event` is what mappings are called
    with. `value` is what the next step works on. With an `error` every later step passes the unit by.
    """

    record: Mapping[str, Any]
    position: int
    trigger: Trigger | None = None
    event: Any = None
    value: Any = None
    error: Exception | None = None

    @property
    def cause(self) -> Trigger:
        """The trigger of a decoded record."""
        if self.trigger is None:
            raise ValueError("the record has not been decoded")
        return self.trigger

    def having(self, value: Any) -> UnitOfWork:
        """The unit with `value` for the next step."""
        return UnitOfWork(self.record, self.position, self.trigger, self.event, value, self.error)

    def decoded(self, event: Any, trigger: Trigger | None) -> UnitOfWork:
        """The unit with the event that is in its record."""
        return UnitOfWork(self.record, self.position, trigger, event, self.value, self.error)

    def failed(self, error: Exception) -> UnitOfWork:
        """The unit, which no step can go on with."""
        return UnitOfWork(self.record, self.position, self.trigger, self.event, self.value, error)


Step: TypeAlias = Callable[[Iterator[UnitOfWork]], Iterator[UnitOfWork]]
"""A step of a pipeline: it pulls units from the step before and yields them to the step after."""


def chain(*steps: Step) -> Step:
    """Several steps as one."""

    def step(units: Iterator[UnitOfWork]) -> Iterator[UnitOfWork]:
        for one in steps:
            units = one(units)
        return units

    return step


Work: TypeAlias = Callable[[UnitOfWork], Iterable[UnitOfWork]]
"""What a step does with one unit: it yields none, one or several."""


def attempt(work: Work, unit: UnitOfWork) -> tuple[UnitOfWork, ...]:
    """What `work` makes of a unit. Its error stays with the unit, so that the others go on."""
    if unit.error is not None:
        return (unit,)
    try:
        return tuple(work(unit))
    except Exception as error:
        return (unit.failed(error),)


def into(*works: Work) -> Work:
    """Several works as one: each gets what the one before has made."""

    def work(unit: UnitOfWork) -> list[UnitOfWork]:
        units = [unit]
        for one in works:
            units = [made for given in units for made in attempt(one, given)]
        return units

    return work


def each(work: Work) -> Step:
    """The step that does `work` with one unit after the other."""

    def step(units: Iterator[UnitOfWork]) -> Iterator[UnitOfWork]:
        for unit in units:
            yield from attempt(work, unit)

    # What the time of a step is told by.
    step.__qualname__ = getattr(work, "__qualname__", step.__qualname__)
    return step
