"""What is left of the invocation, and whether anything is to be begun in it.

Lambda stops a function at its timeout, wherever it is. So no attempt of a call begins that might not end before, and
a record that cannot be finished is handed back to its source (AWS Lambda: `get_remaining_time_in_millis`). Once a
record has failed, what stands behind it comes again, and nothing more is begun either.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator

from .errors import TransientError
from .unit import UnitOfWork


class DeadlineError(TransientError):
    """There is no time left for this, within this invocation."""


class Invocation:
    """Work within what `context`, Lambda's own, says is left; nothing is begun in the last `patience` seconds.

    Without such a context there is no end.
    """

    def __init__(self, context: object = None, patience: float = 0.0) -> None:
        remaining = getattr(context, "get_remaining_time_in_millis", None)
        self.ends = math.inf if remaining is None else time.monotonic() + remaining() / 1000
        self.begins_until = self.ends - patience
        self.stopped_by: Exception | None = None

    def __enter__(self) -> None:
        _Current.invocation = self

    def __exit__(self, *_: object) -> None:
        _Current.invocation = _OUTSIDE


_OUTSIDE = Invocation()


class _Current:
    """The invocation that this process works on: Lambda gives it one at a time, and its threads share it."""

    invocation = _OUTSIDE


def left() -> float:
    """The seconds that are left; endless outside of an invocation."""
    return _Current.invocation.ends - time.monotonic()


def ensure(seconds: float) -> None:
    """Raise DeadlineError where fewer seconds are left."""
    if left() < seconds:
        raise DeadlineError(
            f"{max(left(), 0):.1f}s are left of the invocation, fewer than the {seconds:g}s it may take"
        )


def stop(error: Exception) -> None:
    """Begin nothing more: a record has failed, and will be delivered again with all behind it."""
    current = _Current.invocation
    if current is not _OUTSIDE and current.stopped_by is None:
        current.stopped_by = error


def over() -> Exception | None:
    """Why nothing more is begun; None while there is time, and no record has failed."""
    current = _Current.invocation
    if current.stopped_by is not None:
        return current.stopped_by
    if time.monotonic() <= current.begins_until:
        return None
    return DeadlineError("the rest of the invocation may be too short for it")


def held_back(units: Iterator[UnitOfWork], *, first: bool = True) -> Iterator[UnitOfWork]:
    """Units that a step has collected before it hands them on: once nothing more is begun, they fail.

    The first one is always begun, or a batch would never end; not where `first` is False.
    """
    for unit in units:
        reason = None if unit.error is not None else over()
        if reason is None or (first and _Current.invocation.stopped_by is None):
            yield unit
        else:
            yield unit.failed(reason)
        first = first and unit.error is not None
