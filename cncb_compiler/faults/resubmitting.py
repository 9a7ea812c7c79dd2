"""Sending the record of a fault to its function again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

from cncb_compiler.faults.store import FaultStore, Kept, LostError, refusal
from cncb_compiler.replay.sending import Sender

State = Literal["handled", "faulted", "failed"]


class Outcome(NamedTuple):
    """What became of a fault: `handled`; `faulted` once more; or `failed`: it could not be sent, or was refused."""

    kept: Kept
    state: State
    detail: str = ""


def resubmit(store: FaultStore, kept: Kept, function: str, sender: Callable[[str], Sender]) -> Outcome:
    """Give a fault's record to `function`, which is the one it is to be of, and settle the fault once it is handled.

    `function` is a physical name; `sender` gives what sends to it.
    """
    try:
        event = store.event(kept)
        record = store.record(event)
    except LostError as error:
        return Outcome(kept, "failed", str(error))
    if event.get("function") != function:
        return Outcome(kept, "failed", f"it is of {event.get('function')}, not of {function}")
    try:
        sent = sender(function).send([record])
    except Exception as error:
        if refusal(error) == "ResourceNotFoundException":
            return Outcome(kept, "failed", f"there is no function {function}")
        raise
    if sent.failed:
        return Outcome(kept, "failed", sent.failed[0].error)
    if sent.faults:
        return Outcome(kept, "faulted", "its function faulted on it once more")
    store.settle(kept)
    return Outcome(kept, "handled")
