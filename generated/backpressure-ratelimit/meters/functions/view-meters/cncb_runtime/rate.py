"""Never more writes in any second than the sink is there for (book: "Implementing backpressure with rate limiting")."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterable

from . import aws, deadline
from .unit import UnitOfWork, Work

SECOND = 1_000_000_000
"""In nanoseconds."""


class Rate:
    """At most so many units in any one second, counted exactly: a window that slides, not one that begins anew.

    It lives as long as the process, since the invocations of one second may be several. Of 0.2 a second there is one
    in any five seconds. Threads may share it.
    """

    def __init__(self, per_second: float) -> None:
        self.most = max(1, int(per_second))
        """The most units of one window, and so of one request."""
        self._window = SECOND if per_second >= 1 else int(SECOND / per_second)
        self._begun: deque[int] = deque(maxlen=self.most)
        self._lock = threading.Lock()

    def wait(self, units: int = 1) -> None:
        """Wait until so many units (at most `most`) may be written. Raises DeadlineError where that takes too long."""
        with self._lock:
            beyond = len(self._begun) + units - self.most
            if beyond > 0:
                free_at = self._begun[beyond - 1] + self._window
                while (now := time.monotonic_ns()) < free_at:
                    seconds = (free_at - now) / SECOND
                    deadline.ensure(seconds + aws.patience())
                    time.sleep(seconds)
            self._begun.extend([time.monotonic_ns()] * units)

    def before(self, work: Work) -> Work:
        """The work, at this rate."""

        def paced(unit: UnitOfWork) -> Iterable[UnitOfWork]:
            self.wait()
            return work(unit)

        return paced
