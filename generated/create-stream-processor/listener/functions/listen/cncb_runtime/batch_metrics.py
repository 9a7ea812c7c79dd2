"""What an invocation counts of a batch of records on its way through a pipeline."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from time import perf_counter
from typing import TYPE_CHECKING, Any

from . import tracing
from .metrics import Invocation, declared

if TYPE_CHECKING:
    from .unit import Step, UnitOfWork

LOGGER = logging.getLogger(__name__)


class Batch(Invocation):
    """What one invocation counts of a batch of records on its way through a pipeline."""

    def __init__(self, records: Sequence[Mapping[str, Any]]) -> None:
        super().__init__()
        self._records = records
        self._seen: list[tuple[int, tuple[str, str]]] = []
        self._steps: list[tuple[str, list[float]]] = []

    def decoded(self, units: Iterator[UnitOfWork]) -> Iterator[UnitOfWork]:
        """The units as they are decoded, counted by kind. At log level DEBUG each event is logged."""
        return self._kinds(self._timed("decode", units))

    def _kinds(self, units: Iterator[UnitOfWork]) -> Iterator[UnitOfWork]:
        seen = self._seen
        debug = LOGGER.isEnabledFor(logging.DEBUG)
        for unit in units:
            event = unit.event
            if event is not None:
                tags = event.get("tags")
                source = tags.get("service") if type(tags) is dict else None
                if type(source) is not str or not source:
                    source = "unknown"
                seen.append((unit.position, (event.get("type") or event.get("operation"), source)))
                if debug:
                    _log(unit)
            yield unit

    def step(self, step: Step, units: Iterator[UnitOfWork]) -> Iterator[UnitOfWork]:
        """The units that a step gives, and how long it takes for that."""
        return self._timed(_name_of(step), step(units))

    def end(self, first: int, faulted: int) -> None:
        """The batch is done with up to its record `first`; of those before, so many became faults."""
        records = self._records
        self.own |= {
            "records": len(records),
            "handled": first - faulted,
            "faulted": faulted,
            "retried": len(records) - first,
        }
        if records:
            self.own["iteratorAge"] = _age(records[0])
            stream = stream_of(str(records[0].get("eventSourceARN", "")))
            done: dict[tuple[str, str], int] = {}
            for position, kind in self._seen:
                if position < first:
                    done[kind] = done.get(kind, 0) + 1
            for kind, number in done.items():
                self.count("events", (stream, *kind), number)
        spent: dict[str, float] = {}
        before = 0.0
        for name, (seconds,) in self._steps:
            spent[name] = spent.get(name, 0.0) + max(seconds - before, 0.0)
            before = seconds
        steps = [f'"{name}":{seconds * 1000:.3f}' for name, seconds in spent.items()]
        self.more["steps"] = f"{{{','.join(steps)}}}"

    def __exit__(self, broken: type[BaseException] | None, *_: object) -> None:
        if broken is not None:
            # Not even the pipeline could answer: the source gives all of it again.
            self.end(0, 0)
        super().__exit__(broken)

    def _timed(self, name: str, units: Iterator[UnitOfWork]) -> Iterator[UnitOfWork]:
        # What a step takes includes what the steps before it take, from which it pulls; `end` takes that away.
        spent = [0.0]
        self._steps.append((name, spent))
        return _clocked(units, spent)


@lru_cache(maxsize=256)
def _name_of(step: Step) -> str:
    name: str = getattr(step, "__qualname__", type(step).__qualname__)
    return name.partition(".")[0].lstrip("_")


def _clocked(units: Iterator[UnitOfWork], spent: list[float]) -> Iterator[UnitOfWork]:
    clock = perf_counter
    total = 0.0
    try:
        while True:
            began = clock()
            unit = next(units, None)
            total += clock() - began
            if unit is None:
                return
            yield unit
    finally:
        spent[0] = total


@cache
def stream_of(arn: str) -> str:
    """The declared name of a stream or table, as far as the environment knows it; else its physical name."""
    physical = arn.rpartition(":stream/")[2] if ":stream/" in arn else arn.partition(":table/")[2].partition("/")[0]
    for variable, value in os.environ.items():
        if value == physical and variable.endswith(("_STREAM", "_TABLE")):
            return declared(variable)
    return physical


def _age(record: Mapping[str, Any]) -> int:
    """How many milliseconds a record has waited."""
    times = record.get("kinesis") or record.get("dynamodb") or {}
    arrived = float(times.get("approximateArrivalTimestamp") or times.get("ApproximateCreationDateTime") or 0)
    if "attributes" in record:
        arrived = int(record["attributes"].get("SentTimestamp", 0)) / 1000
    return max(0, int((time.time() - arrived) * 1000)) if arrived else 0


def _log(unit: UnitOfWork) -> None:
    trigger = unit.trigger
    told = {"eventId": unit.event.get("id"), "eventType": unit.event.get("type") or unit.event.get("operation")}
    LOGGER.debug("event", extra=told | tracing.logged(trigger.traceparent if trigger else None))
