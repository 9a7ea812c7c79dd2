"""Trouble on purpose: what a test tells the endpoint to do to the requests that come."""

from __future__ import annotations

import threading

from cncb_compiler.local.endpoint.requests import Request

MAX_APP_LENGTH = 50
"""boto3 warns of longer application ids in user agents, so functions' names are cut there."""


class Switches:
    """Which requests are refused, and after which call a function is killed. Safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._throttled: dict[str, int] = {}
        self._doomed: dict[str, tuple[str, int]] = {}

    def throttle(self, resource: str, times: int) -> None:
        """Refuse the next so many data requests on a table or stream."""
        with self._lock:
            self._throttled[resource] = times

    def kill(self, function: str, after_calls: int) -> None:
        """Kill a function when it has finished so many calls from now."""
        with self._lock:
            self._doomed[function[:MAX_APP_LENGTH]] = (function, after_calls)

    def clear(self) -> None:
        """Leave all in peace."""
        with self._lock:
            self._throttled.clear()
            self._doomed.clear()

    def refuses(self, request: Request) -> bool:
        """Whether this request is throttled; it then counts as one."""
        if not self._throttled:
            return False
        with self._lock:
            for name in request.resources & self._throttled.keys():
                self._throttled[name] -= 1
                if self._throttled[name] <= 0:
                    del self._throttled[name]
                return True
        return False

    def dooms(self, request: Request) -> str | None:
        """The function that is to be killed now that this request is finished."""
        if not self._doomed or request.app is None:
            return None
        with self._lock:
            if request.app not in self._doomed:
                return None
            function, left = self._doomed[request.app]
            if left > 1:
                self._doomed[request.app] = (function, left - 1)
                return None
            del self._doomed[request.app]
            return function
