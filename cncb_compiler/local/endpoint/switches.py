"""Trouble on purpose: what a test tells the endpoint to do to the requests that come."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

from cncb_compiler.local.endpoint.requests import Request

MAX_APP_LENGTH = 50
"""boto3 warns of longer application ids in user agents, so functions' names are cut there."""


@dataclass(slots=True)
class _Throttle:
    left: int
    requests: int = 0
    refused: int = 0


@dataclass(slots=True)
class _Kill:
    function: str
    left: int
    calls: int = 0
    kills: int = 0


class Switches:
    """Which requests are refused, and after which call a function is killed. Safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._throttled: dict[str, _Throttle] = {}
        self._doomed: dict[str, _Kill] = {}

    def throttle(self, resource: str, times: int) -> None:
        """Refuse the next so many data requests on a table or stream."""
        with self._lock:
            self._throttled.setdefault(resource, _Throttle(0)).left = times

    def kill(self, function: str, after_calls: int) -> None:
        """Kill a function when it has finished so many calls from now."""
        with self._lock:
            self._doomed.setdefault(function[:MAX_APP_LENGTH], _Kill(function, 0)).left = after_calls

    def clear(self) -> None:
        """Leave all in peace."""
        with self._lock:
            self._throttled.clear()
            self._doomed.clear()

    def effects(self) -> dict[str, Any]:
        """What has become of the trouble since it was asked for: of tables and streams, and of functions, by name.

        `requests` and `refused` are those of functions alone: what others are refused proves nothing about a system.
        """
        with self._lock:
            return {
                "throttle": {
                    name: {"requests": one.requests, "refused": one.refused} for name, one in self._throttled.items()
                },
                "kill": {one.function: {"calls": one.calls, "kills": one.kills} for one in self._doomed.values()},
            }

    def refuses(self, request: Request) -> bool:
        """Whether this request is throttled; it then counts as one."""
        if not self._throttled:
            return False
        refused = False
        with self._lock:
            for name in request.resources & self._throttled.keys():
                one = self._throttled[name]
                refuses = one.left > 0 and not refused
                one.left -= refuses
                one.requests += request.app is not None
                one.refused += refuses and request.app is not None
                refused |= refuses
        return refused

    def dooms(self, request: Request) -> str | None:
        """The function that is to be killed now that this request is finished."""
        if not self._doomed or request.app is None:
            return None
        with self._lock:
            one = self._doomed.get(request.app)
            if one is None:
                return None
            one.calls += 1
            if one.left == 0:
                return None
            one.left -= 1
            if one.left > 0:
                return None
            one.kills += 1
            return one.function
