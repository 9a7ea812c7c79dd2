"""What an invocation tells CloudWatch: a line in the embedded metric format, written when it ends.

A line is a JSON object of its own on the standard output. Lambda's JSON log format leaves such a line as it is; by
`logging` it would be wrapped in a log record, and CloudWatch finds metrics at the root only. The line has `level` and
`timestamp`: without them Lambda takes it for INFO, and a function that logs only warnings would have no metrics (AWS
Lambda: Log-level filtering; Amazon CloudWatch: Specification: Embedded metric format).

Metrics stand in the namespace `cncb`. Those of the function have the dimensions FUNCTION, those of events KIND. A line
has one kind; where an invocation has more than one, each further kind has a short line of its own.
"""

from __future__ import annotations

import math
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from time import perf_counter
from typing import Any, Self

from . import jsons, tracing
from .errors import InvalidInputError, NotFoundError

NAMESPACE = "cncb"
FUNCTION = ("system", "stage", "service", "function")
KIND = ("stream", "type", "source")
"""Beside FUNCTION and `region`: the stream (or table), the event type (or operation), the service that published it."""

OWN = frozenset(
    {
        *FUNCTION,
        *KIND,
        *("_aws", "level", "timestamp", "region", "steps", "traceparent"),
        *("records", "handled", "faulted", "retried", "iteratorAge"),
        *("requests", "errors", "duration", "events", "published"),
    }
)
"""What a line has by itself."""

_UNITS = {"duration": "Milliseconds", "iteratorAge": "Milliseconds"}

Kind = tuple[str, str, str]


class Invocation:
    """What one invocation has counted so far: its own metrics, and those of each kind of event.

    `with` it, hooks add to it, and the lines are written at the end. `more` is what they also say, as JSON.
    """

    def __init__(self) -> None:
        self.began = perf_counter()
        self.own: dict[str, float] = {}
        self.units: dict[str, str] = {}
        self.kinds: dict[Kind, dict[str, int]] = {}
        self.more: dict[str, str] = {}
        self._lock = threading.Lock()

    def add(self, name: str, value: float, unit: str) -> None:
        """Add to one of the function's metrics."""
        with self._lock:
            self.own[name] = self.own.get(name, 0) + float(value)
            self.units[name] = unit

    def count(self, metric: str, kind: Kind, number: int = 1) -> None:
        """Count events of a kind."""
        with self._lock:
            counts = self.kinds.setdefault(kind, {})
            counts[metric] = counts.get(metric, 0) + number

    def lines(self) -> Iterator[str]:
        """The lines that tell it, the first with the function's own metrics."""
        at = int(time.time() * 1000)
        more = self.more
        own = {**self.own, "duration": milliseconds(perf_counter() - self.began)}
        units = tuple(self.units.items())
        kinds: list[tuple[Kind | None, dict[str, int]]] = [*self.kinds.items()]
        for kind, counts in kinds or [(None, {})]:
            line = layout(kind, tuple(counts), tuple(own), units, tuple(more))
            yield line % (at, _stamp(at), *counts.values(), *own.values(), *more.values())
            own, units, more = {}, (), {}

    def __enter__(self) -> Self:
        _Current.invocation = self
        return self

    def __exit__(self, broken: type[BaseException] | None, *_: object) -> None:
        """Write the lines, also where it ends by an error."""
        _Current.invocation = None
        sys.stdout.writelines([f"{line}\n" for line in self.lines()])


class _Current:
    """The invocation that this process works on: Lambda gives it one at a time, and its threads share it."""

    invocation: Invocation | None = None


@contextmanager
def request() -> Iterator[None]:
    """Count one request; one of `errors` where it ends by one that is not the caller's."""
    with Invocation() as begun:
        begun.own |= {"requests": 1, "errors": 0}
        if context := tracing.begun():
            begun.more["traceparent"] = jsons.dumps(context)
        try:
            yield
        except (InvalidInputError, NotFoundError):
            raise
        except BaseException:
            begun.own["errors"] = 1
            raise


def call(function: Callable[[Any, Any], Any], event: Any, context: Any) -> Any:
    """Call the team's own handler, and count that."""
    with request():
        return function(event, context)


def add(name: str, value: float = 1, unit: str = "Count") -> None:
    """Add to a metric of the team's own, by a hook: it has the function's dimensions, and goes with its line.

    `unit` is one of CloudWatch's, such as `Count`, `Bytes`, `Milliseconds` (API Reference: MetricDatum). Outside of an
    invocation nothing is counted, as in the unit tests of a hook. Raises ValueError for a name that a line has anyway,
    and for a value that is no finite number.
    """
    if name in OWN:
        raise ValueError(f"`{name}` is a metric or dimension of cncb's own")
    if not math.isfinite(value):
        raise ValueError(f"`{name}` cannot be {value}")
    if _Current.invocation is not None:
        _Current.invocation.add(name, value, unit)


def published(variable: str, event_type: str) -> None:
    """Count an event that was put on the stream that the environment names by `variable`."""
    if _Current.invocation is not None:
        kind = (declared(variable), event_type, os.environ.get("SERVICE", ""))
        _Current.invocation.count("published", kind)


def tell(dimensions: Mapping[str, str], metric: str, value: float) -> None:
    """Write a line of its own, of what is not the function's: a metric with these dimensions."""
    at = int(time.time() * 1000)
    metrics = [{"Name": metric, "Unit": "Count"}]
    directive = {"Namespace": NAMESPACE, "Dimensions": [list(dimensions)], "Metrics": metrics}
    line = {
        "_aws": {"Timestamp": at, "CloudWatchMetrics": [directive]},
        "level": os.environ.get("AWS_LAMBDA_LOG_LEVEL", "INFO"),
        "timestamp": _stamp(at),
        **dimensions,
        metric: value,
    }
    sys.stdout.write(jsons.dumps(line) + "\n")


def declared(variable: str) -> str:
    """The declared name of what the environment names by `variable`; of small letters and dashes, as names are."""
    return variable.rpartition("_")[0].lower().replace("_", "-")


@lru_cache(maxsize=256)
def layout(
    kind: Kind | None,
    counted: tuple[str, ...],
    own: tuple[str, ...],
    units: tuple[tuple[str, str], ...],
    more: tuple[str, ...],
) -> str:
    """A line, to be filled by `%`: the milliseconds, the time of day, and the values of what is named, in this order.

    All else is the same at each invocation, and nearly all that JSON costs.
    """
    fixed = {"level": os.environ.get("AWS_LAMBDA_LOG_LEVEL", "INFO"), "region": os.environ.get("AWS_REGION", "")}
    fixed |= {name: os.environ.get(name.upper(), "") for name in FUNCTION}
    fixed |= {} if kind is None else dict(zip(KIND, kind, strict=True))
    directives = _literal(_directives(counted, own, units))
    blanks = "".join([f",{_literal(name)}:%s" for name in (*counted, *own, *more)])
    about = f'{_literal(fixed)[1:-1]},"timestamp":"%s"'
    return f'{{"_aws":{{"Timestamp":%d,"CloudWatchMetrics":{directives}}},{about}{blanks}}}'


def _literal(value: Any) -> str:
    """A value as JSON, in a text to be filled by `%`."""
    return jsons.dumps(value).replace("%", "%%")


def _directives(counted: tuple[str, ...], own: tuple[str, ...], units: tuple[tuple[str, str], ...]) -> list[Any]:
    """What CloudWatch takes from a line: the function's own metrics with their units, and those of a kind."""
    known = _UNITS | dict(units)
    return [
        {
            "Namespace": NAMESPACE,
            "Dimensions": [dimensions],
            "Metrics": [{"Name": name, "Unit": known.get(name, "Count")} for name in metrics],
        }
        for dimensions, metrics in ((FUNCTION, own), ((*FUNCTION, "region", *KIND), counted))
        if metrics
    ]


def _stamp(at: int) -> str:
    return f"{_second(at // 1000)}.{at % 1000:03d}Z"


@lru_cache(maxsize=1)
def _second(at: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at))


def milliseconds(seconds: float) -> float:
    """Seconds as a metric has them."""
    return round(seconds * 1000, 3)
