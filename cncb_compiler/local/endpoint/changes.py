"""The client's side of the endpoint's change counts."""

from __future__ import annotations

import json
import threading
from urllib.request import urlopen

RETRY_SECONDS = 0.2
"""How long an endpoint that did not answer is left alone."""


class ChangeFeed:
    """Says when data of an endpoint has changed. Shared by threads; a thread of its own asks the endpoint."""

    def __init__(self, url: str) -> None:
        self._url = f"{url}/_cncb/changes"
        self._changed = threading.Condition()
        self._at = 0
        self._services: dict[str, int] = {}
        self._stopped = threading.Event()

    def start(self) -> None:
        """Begin to listen, in a thread."""
        self.refresh()
        threading.Thread(target=self._listen, name="change-feed", daemon=True).start()

    def stop(self) -> None:
        """Stop listening; whoever waits is woken."""
        self._stopped.set()
        with self._changed:
            self._changed.notify_all()

    @property
    def at(self) -> int:
        """The latest count that is known."""
        return self._at

    def touched(self, service: str) -> int:
        """The count at which data of a service was last changed; 0 for never."""
        return self._services.get(service, 0)

    def touched_resource(self, service: str, name: str) -> int:
        """The count at which data of a table or stream was last changed; 0 for never."""
        return max(self.touched(f"{service}/{name}"), self.touched(f"{service}/*"))

    def wait(self, since: int, timeout: float) -> int:
        """The count, as soon as it is known to be above `since`, or after that many seconds at the latest."""
        with self._changed:
            self._changed.wait_for(lambda: self._at > since or self._stopped.is_set(), timeout)
            return self._at

    def refresh(self) -> int:
        """Ask the endpoint for its count now."""
        self._ask(since=-1, timeout=0)
        return self._at

    def _listen(self) -> None:
        while not self._stopped.is_set():
            try:
                self._ask(self._at, timeout=5)
            except (OSError, ValueError):
                self._stopped.wait(RETRY_SECONDS)

    def _ask(self, since: int, timeout: float) -> None:
        with urlopen(f"{self._url}?since={since}&timeout={timeout}", timeout=timeout + 10) as answer:
            found = json.load(answer)
        self._learn(found["at"], found["services"])

    def _learn(self, at: int, services: dict[str, int]) -> None:
        with self._changed:
            if at > self._at:
                self._at = at
                self._services = services
                self._changed.notify_all()
