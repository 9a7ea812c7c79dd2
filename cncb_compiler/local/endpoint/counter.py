"""How the endpoint tells that data has changed, so that nobody has to ask it again and again."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection
from typing import Any

LONGEST_WAIT_SECONDS = 20.0


class ChangeCounter:
    """Counts the finished requests that changed data, and remembers when each service and resource was last touched.

    A resource is `<service>/<table or stream>`; `<service>/*` where the request does not name one.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._at = 0
        self._services: dict[str, int] = {}

    def count(self, service: str, resources: Collection[str] = ()) -> None:
        """A request has changed data of a service, in these tables or streams."""
        with self._changed:
            self._at += 1
            for name in (service, *(f"{service}/{one}" for one in resources or "*")):
                self._services[name] = self._at
            self._changed.notify_all()

    def wait(self, since: int, seconds: float) -> dict[str, Any]:
        """The counts, as soon as they are above `since`, or after that time at the latest."""
        deadline = time.monotonic() + min(seconds, LONGEST_WAIT_SECONDS)
        with self._changed:
            while self._at <= since and (left := deadline - time.monotonic()) > 0:
                self._changed.wait(left)
            return {"at": self._at, "services": dict(self._services)}
