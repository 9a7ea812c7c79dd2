"""The invocations that a `cncb run` remembers, asked for from another process."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.request import urlopen

from cncb_compiler.target.running import live_runs
from cncb_compiler.target.target import Target

PATH = "/invocations"
"""Where a run's control server answers with them."""
SECONDS = 10.0


class Remembered(NamedTuple):
    """An invocation that has ended, in seconds since the epoch: what the function was given, and what it answered."""

    function: str
    ended: float
    error: str | None
    event: bytes
    payload: bytes


def told(invocations: Iterable[Any]) -> bytes:
    """The invocations of a machine's journal as a run tells them."""
    return json.dumps(
        [
            [one.function, one.ended, one.error, b64encode(one.event).decode(), b64encode(one.payload).decode()]
            for one in invocations
        ]
    ).encode()


def remembered(system: str, target: Target) -> tuple[Remembered, ...]:
    """What the run of a system at this target remembers; nothing where there is no such run."""
    for run in live_runs():
        if (run.system, run.stage, run.endpoint) == (system, target.stage, target.endpoint):
            try:
                with urlopen(run.control + PATH, timeout=SECONDS) as answer:
                    found = json.load(answer)
            except (OSError, ValueError):
                return ()
            return tuple(
                Remembered(function, ended, error, b64decode(event), b64decode(payload))
                for function, ended, error, event, payload in found
            )
    return ()
