"""Clients of AWS: made when first called, kept for the life of the process, impatient.

An attempt is cut off after CALL_TIMEOUT_SECONDS, and a call is tried CALL_ATTEMPTS times in all, with full jitter
between (AWS SDKs and Tools Reference: Retry behavior, standard mode). No attempt begins that may not end before the
function does (book: "Configuring timeouts and retries").
"""

from __future__ import annotations

import logging
import os
import threading
from functools import cache
from typing import Any

from . import deadline

LONGEST_CONNECT_SECONDS = 1.0
_MAKING = threading.Lock()


@cache
def client(service: str) -> Any:
    """The client of an AWS service: `dynamodb`, `kinesis`, `s3`."""
    # Threads may share a client, but not the session that makes it.
    with _MAKING:
        return _made(service)


@cache
def _made(service: str) -> Any:
    import boto3
    from botocore.config import Config

    # It tells at each cold start where it found credentials.
    logging.getLogger("botocore").setLevel(logging.WARNING)
    connect = min(LONGEST_CONNECT_SECONDS, timeout() / 2)
    retries = {"mode": "standard", "total_max_attempts": attempts()}
    config = Config(connect_timeout=connect, read_timeout=timeout() - connect, retries=retries)
    made = boto3.client(service, config=config)
    made.meta.events.register("before-send", _ensure_time)
    return made


@cache
def timeout() -> float:
    """How long one attempt may take, in seconds."""
    return float(os.environ.get("CALL_TIMEOUT_SECONDS", "2"))


@cache
def attempts() -> int:
    """How often a call is tried in all."""
    return int(os.environ.get("CALL_ATTEMPTS", "3"))


@cache
def patience() -> float:
    """The longest that one call may take, in seconds: its attempts and the pauses between them."""
    return timeout() * attempts() + sum(map(longest_pause, range(1, attempts())))


def longest_pause(attempt: int) -> float:
    """The longest pause after an attempt (1 is the first), in seconds."""
    return float(min(2 ** (attempt - 1), 20))


def _ensure_time(**_: Any) -> None:
    """Before each attempt: that there is time for it, and for the pause that may follow."""
    deadline.ensure(timeout() + (longest_pause(attempts() - 1) if attempts() > 1 else 0))
