"""Never more than so many records in any one second."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable


class Rate:
    """At most `limit` units in any window of a second, wherever it begins."""

    def __init__(
        self, limit: int, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.limit = limit
        self._clock = clock
        self._sleep = sleep
        self._taken: deque[tuple[float, int]] = deque()
        self._sum = 0

    def take(self, units: int) -> None:
        """Wait until so many units, `limit` at most, may go."""
        while True:
            now = self._clock()
            while self._taken and now - self._taken[0][0] > 1.0:
                self._sum -= self._taken.popleft()[1]
            if self._sum + units <= self.limit:
                self._taken.append((now, units))
                self._sum += units
                return
            self._sleep(max(1.0 - (now - self._taken[0][0]), 0.001))
