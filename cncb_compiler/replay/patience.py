"""Trying again what AWS refuses for a while: exponential back-off with full jitter.

(AWS Builders' Library: Timeouts, retries, and backoff with jitter.)
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

Given = TypeVar("Given")

_CODES = frozenset(
    {
        "EC2ThrottledException",
        "InternalError",
        "InternalFailure",
        "RequestTimeout",
        "RequestTimeTooSkewed",
        "ServiceException",
        "ServiceUnavailable",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
_NAMES = frozenset(
    {
        "ConnectTimeoutError",
        "ConnectionClosedError",
        "EndpointConnectionError",
        "HTTPClientError",
        "IncompleteReadError",
        "ReadTimeoutError",
        "ResponseStreamingError",
    }
)


def is_passing(error: Exception) -> bool:
    """Whether the same call may do later: it was throttled, AWS failed, or the connection broke."""
    response = getattr(error, "response", None)
    if isinstance(response, dict):
        status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return response.get("Error", {}).get("Code") in _CODES or status == 429 or status >= 500
    return bool(_NAMES & {kind.__name__ for kind in type(error).__mro__}) or isinstance(error, ConnectionError)


@dataclass(slots=True)
class Patience:
    """How often, and how long in seconds, is waited for AWS. `refused` counts what was tried again."""

    attempts: int = 12
    base: float = 0.1
    most: float = 20.0
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[float, float], float] = random.uniform
    refused: int = 0

    def pause(self, tried: int) -> None:
        """Wait after so many attempts: anything up to twice as long as after one fewer."""
        self.sleep(self.jitter(0.0, min(self.most, self.base * 2.0 ** min(tried, 30))))

    def ask(self, call: Callable[[], Given]) -> Given:
        """What a call gives, at last. Raises its error where that does not pass, or not soon enough."""
        for tried in range(1, self.attempts):
            try:
                return call()
            except Exception as error:
                if not is_passing(error):
                    raise
            self.refused += 1
            self.pause(tried)
        return call()
