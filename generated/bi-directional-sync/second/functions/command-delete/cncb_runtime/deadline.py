"""What is left of the invocation.

Lambda stops a function at its timeout, wherever it is. So no attempt of a call begins that might not end before, and
a record that cannot be finished is handed back to its source (AWS Lambda: `get_remaining_time_in_millis`).
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager

from .errors import TransientError


class DeadlineError(TransientError):
    """There is no time left for this, within this invocation."""


class _Invocation:
    """The one that this process works on: Lambda gives it one at a time, and its threads share it."""

    ends = math.inf


@contextmanager
def invocation(context: object) -> Iterator[None]:
    """Work within what `context`, Lambda's own, says is left. Without such a context there is no end."""
    remaining = getattr(context, "get_remaining_time_in_millis", None)
    _Invocation.ends = math.inf if remaining is None else time.monotonic() + remaining() / 1000
    try:
        yield
    finally:
        _Invocation.ends = math.inf


def left() -> float:
    """The seconds that are left; endless outside of an invocation."""
    return _Invocation.ends - time.monotonic()


def ensure(seconds: float) -> None:
    """Raise DeadlineError where fewer seconds are left."""
    if left() < seconds:
        raise DeadlineError(
            f"{max(left(), 0):.1f}s are left of the invocation, fewer than the {seconds:g}s it may take"
        )
