"""How often each function called which operation of AWS: what proves that requests were batched, grouped or paced."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from cncb_compiler.local.endpoint.requests import Request

SECOND = 1_000_000_000
"""In nanoseconds."""


@dataclass(slots=True)
class _Called:
    times: int = 0
    busiest: int = 0
    recent: deque[int] = field(default_factory=deque)


class Calls:
    """Counts the requests of functions, retries among them, as they arrive. Safe for threads.

    Those of S3 are not counted: they do not name their operation.
    """

    def __init__(self, clock: Callable[[], int] = time.monotonic_ns) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._called: dict[str, dict[str, _Called]] = {}

    def count(self, request: Request) -> None:
        """A request has come."""
        if request.app is None or not request.action:
            return
        with self._lock:
            now = self._clock()
            called = self._called.setdefault(request.app, {})
            one = called.setdefault(f"{request.service}.{request.action}", _Called())
            one.recent.append(now)
            while one.recent[0] <= now - SECOND:
                one.recent.popleft()
            one.times += 1
            one.busiest = max(one.busiest, len(one.recent))

    def clear(self) -> None:
        """Begin anew."""
        with self._lock:
            self._called.clear()

    def made(self) -> dict[str, dict[str, dict[str, int]]]:
        """By function (cut to 50 characters) and operation (`dynamodb.PutItem`): `times`, and `busiest` second."""
        with self._lock:
            return {
                app: {name: {"times": one.times, "busiest": one.busiest} for name, one in called.items()}
                for app, called in self._called.items()
            }
