"""What has happened on a machine: which functions ran, which requests were answered."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any


class Journal:
    """Finished invocations and answered requests, in the order in which they ended. Safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: list[Callable[[Any], None]] = []
        self.invocations: list[Any] = []
        self.requests: list[Any] = []

    def finished(self, invocation: Any) -> None:
        """Remember a finished invocation."""
        with self._lock:
            self.invocations.append(invocation)

    def answered(self, request: Any) -> None:
        """Remember an answered request."""
        with self._lock:
            self.requests.append(request)

    def clear(self) -> None:
        """Forget what has happened."""
        with self._lock:
            self.invocations.clear()
            self.requests.clear()
