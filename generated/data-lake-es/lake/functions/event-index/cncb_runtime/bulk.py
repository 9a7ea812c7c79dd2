"""Several entries in one request: as many as the service takes, and only those again that it did not.

Order per key is kept, which no such request promises by itself: one request never holds two entries of a key, and
behind an entry that could not be sent the later ones of its key wait.
"""

from __future__ import annotations

import random
import time
from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypeAlias

from . import aws, deadline
from .errors import TransientError, is_transient

BACK_OFF_SECONDS = 0.1
MAX_BACK_OFF_SECONDS = 2.0


class Limits(NamedTuple):
    """What one request holds at most."""

    entries: int
    bytes: int


class Entry(NamedTuple):
    """Something to send: `content` as the request has it, `size` in bytes, to the `place` that a request goes to.

    Entries of one `key` arrive in their order; without one there is none.
    """

    content: Any
    size: int
    place: str = ""
    key: Hashable = None


Send: TypeAlias = Callable[[Sequence[Entry]], Sequence[Exception | None]]
"""Send one request. The answer says of each entry what kept it off; TransientError: it is worth another attempt."""

Request: TypeAlias = list[int]
"""Which entries one request holds, by their positions."""

Errors: TypeAlias = dict[int, Exception]
"""What kept entries off, by their positions."""

Do: TypeAlias = Callable[[Request, Exception | None], Errors]
"""Send a request, or none because of the reason that is given."""

Runner: TypeAlias = Callable[[Sequence[Entry], Iterable[Request], Do], Iterator[Errors]]
"""How requests are sent: one by one, or several at a time."""


def one_by_one(entries: Sequence[Entry], made: Iterable[Request], do: Do) -> Iterator[Errors]:
    """Send one request after the other. The first one is always sent, or a batch would never end."""
    for number, request in enumerate(made):
        yield do(request, deadline.over() if number else None)


def send_all(
    entries: Sequence[Entry],
    limits: Limits,
    send: Send,
    *,
    before: Callable[[int], None] | None = None,
    runner: Runner = one_by_one,
) -> list[Exception | None]:
    """Send every entry; the answer says of each what kept it off.

    `before` is called with the number of entries before each request. After a request that failed as a whole none is
    sent: the service is down.
    """
    found: list[Exception | None] = [None] * len(entries)
    broken: dict[object, Exception] = {}

    def do(request: Request, reason: Exception | None) -> Errors:
        errors: Errors = {}
        for index in request:
            error = reason or broken.get(_ordered(entries[index]))
            if error is not None:
                errors[index] = error
        sendable = [index for index in request if index not in errors]
        return errors | (_sent(entries, sendable, send, before) if sendable else {})

    for errors in runner(entries, requests(entries, limits), do):
        for index, error in errors.items():
            found[index] = error
            if is_transient(error) and entries[index].key is not None:
                broken[_ordered(entries[index])] = error
    return found


def requests(entries: Sequence[Entry], limits: Limits) -> list[Request]:
    """The entries in few requests, so that none holds two of a key, and a key's are in order."""
    made: list[Request] = []
    sizes: list[int] = []
    behind: dict[object, int] = {}
    unfilled: dict[str, list[int]] = {}
    for index, entry in enumerate(entries):
        mine = unfilled.setdefault(entry.place, [])
        first = 0 if entry.key is None else bisect_right(mine, behind.get(_ordered(entry), -1))
        at = next((at for at in mine[first:] if sizes[at] + entry.size <= limits.bytes), None)
        if at is None:
            at = len(made)
            made.append([])
            sizes.append(0)
            mine.append(at)
        made[at].append(index)
        sizes[at] += entry.size
        if len(made[at]) >= limits.entries:
            mine.remove(at)
        if entry.key is not None:
            behind[_ordered(entry)] = at
    return made


def _ordered(entry: Entry) -> object:
    """What the order of an entry is kept by."""
    return None if entry.key is None else (entry.place, entry.key)


def _sent(entries: Sequence[Entry], request: Request, send: Send, before: Callable[[int], None] | None) -> Errors:
    """Send a request, and again what of it the service did not take."""
    refused: Errors = {}
    for attempt in range(aws.attempts()):
        try:
            if attempt:
                pause_before(attempt)
            if before is not None:
                before(len(request))
            answers = send([entries[index] for index in request])
        except Exception as error:
            if is_transient(error):
                deadline.stop(error)
            if len(request) == 1 or is_transient(error):
                return refused | dict.fromkeys(request, error)
            # The service refuses the whole because of one of them.
            return refused | {
                index: error for one in request for index, error in _sent(entries, [one], send, before).items()
            }
        errors = {index: error for index, error in zip(request, answers, strict=True) if error is not None}
        refused |= {index: error for index, error in errors.items() if not isinstance(error, TransientError)}
        request = [index for index in errors if index not in refused]
        if not request:
            return refused
    return refused | {index: errors[index] for index in request}


def pause_before(attempt: int) -> None:
    """Wait before another attempt; 1 is the second one. Raises DeadlineError where there is no time for it.

    By full jitter, so that functions that were throttled together do not come back together.
    """
    seconds = random.uniform(0, min(MAX_BACK_OFF_SECONDS, BACK_OFF_SECONDS * 2**attempt))
    deadline.ensure(seconds + aws.timeout())
    pause(seconds)


def pause(seconds: float) -> None:
    """Wait."""
    time.sleep(seconds)
