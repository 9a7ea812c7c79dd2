"""What an invocation ended with, in Lambda's words."""

from __future__ import annotations

import json
import os
import signal
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

PAYLOAD_BYTES = 6 * 1024 * 1024
"""Largest request and answer of a synchronous invocation (AWS Lambda: "Lambda quotas")."""
RESPONSE_BYTES = PAYLOAD_BYTES + 100
SIGNALS = {signal.SIGSEGV: "segmentation fault", signal.SIGABRT: "aborted", signal.SIGTERM: "terminated"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the function answered; `error` is the error's type, empty where there is none."""

    result: bytes
    error: str = ""


@dataclass(frozen=True, slots=True)
class Invocation:
    """A finished invocation. Times are seconds since the epoch; `error` is the error's type, None where it succeeded.

    `event` is what the function was given, `payload` its answer, or the error as JSON. `cold` tells whether an
    environment had to be started for it. `tail` is the last 4 KB of what it logged.
    """

    function: str
    request_id: str
    started: float
    ended: float
    cold: bool
    event: bytes
    payload: bytes
    error: str | None
    tail: bytes = b""


def new_request_id() -> str:
    """As Lambda names requests: a UUID."""
    return str(uuid.uuid4())


def new_trace() -> str:
    """A trace header of a request that nobody traces (AWS X-Ray: "Tracing header")."""
    number = uuid.uuid4().hex
    return f"Root=1-{number[:8]}-{number[8:]};Parent={number[:16]};Sampled=0"


def timed_out(request_id: str, seconds: float, now: datetime | None = None) -> Outcome:
    """The function did not answer within its timeout (AWS Lambda: "Troubleshoot invocation issues")."""
    moment = (now or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    return _outcome("Sandbox.Timedout", f"{moment} {request_id} Task timed out after {seconds:.2f} seconds")


def exited(request_id: str, status: int) -> Outcome:
    """The environment's process ended before it answered. `status` is that of os.waitpid."""
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        name = "killed" if number == signal.SIGKILL else SIGNALS.get(signal.Signals(number), f"signal {number}")
        reason = f"Runtime exited with error: signal: {name}"
    elif code := os.waitstatus_to_exitcode(status):
        reason = f"Runtime exited with error: exit status {code}"
    else:
        reason = "Runtime exited without providing a reason"
    return _outcome("Runtime.ExitError", f"RequestId: {request_id} Error: {reason}")


def out_of_memory(request_id: str) -> Outcome:
    """The environment used more than the function's memory."""
    message = f"RequestId: {request_id} Error: Runtime exited with error: signal: killed"
    return _outcome("Runtime.OutOfMemory", message)


def too_large(length: int) -> Outcome:
    """The function answered more than Lambda passes on."""
    message = f"Response payload size ({length} bytes) exceeded maximum allowed payload size ({RESPONSE_BYTES} bytes)."
    return _outcome("Function.ResponseSizeTooLarge", message)


def reported(body: bytes, header: str) -> Outcome:
    """The error that the runtime client posted, as it stands."""
    try:
        error = str(json.loads(body)["errorType"])
    except (ValueError, KeyError, TypeError):
        error = ""
    return Outcome(body, error or header or "Unhandled")


def _outcome(error: str, message: str) -> Outcome:
    return Outcome(json.dumps({"errorType": error, "errorMessage": message}).encode(), error)
