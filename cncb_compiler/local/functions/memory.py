"""The memory limit: busy environments are looked at every 50 ms, and killed when they hold more than MemorySize.

What counts is the process's resident set, as Lambda's "Max Memory Used" does: the interpreter and the SDK are in it. A
fork shares those pages with the zygote until it writes them, but on Lambda each environment pays for its own.
Processes that the function starts are not counted.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

LOOK_SECONDS = 0.05
MB = 1024 * 1024


@dataclass(slots=True)
class Watched:
    """A busy environment; `peak` is the most that it was seen to hold, in bytes."""

    process: Any
    limit: int
    exceeded: Callable[[], None]
    peak: int = 0

    def look(self) -> None:
        """Read its resident set. A process that is gone (None) holds nothing."""
        import psutil

        with contextlib.suppress(psutil.Error):
            if self.process is not None:
                self.peak = max(self.peak, self.process.memory_info().rss)


class MemoryWatch:
    """One thread that looks at all busy environments, and sleeps while there are none."""

    def __init__(self) -> None:
        self._watched: dict[int, Watched] = {}
        self._busy = threading.Event()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, name="memory", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._stopped.set()
        self._busy.set()

    @contextlib.contextmanager
    def watch(self, process: Any, limit_mb: int, exceeded: Callable[[], None]) -> Iterator[Watched]:
        """Watch a psutil.Process (None: it is gone) as long as the block takes.

        `exceeded` is called from the watching thread, perhaps more than once.
        """
        watched = Watched(process, limit_mb * MB, exceeded)
        self._watched[id(watched)] = watched
        self._busy.set()
        try:
            yield watched
        finally:
            del self._watched[id(watched)]

    def _work(self) -> None:
        while not self._stopped.is_set():
            self._busy.wait()
            self._busy.clear()
            while self._watched and not self._stopped.wait(LOOK_SECONDS):
                for watched in list(self._watched.values()):
                    watched.look()
                    if watched.peak > watched.limit:
                        watched.exceeded()
