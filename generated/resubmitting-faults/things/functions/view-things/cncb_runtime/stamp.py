"""What an event leaves on the row that it writes, and how that keeps older events from writing it again.

`oplock` compares the time of events (book: "Implementing idempotence with an inverse OpLock"). An event as old as the
row is applied: changes captured within one tick of the clock arrive in order, and the last must win.

`sequence` compares the numbers that the stream gave the records. An equal number is the very same record, and is not
applied. Numbers compare only within a partition key: those of a shard that was split or merged are smaller than
those of the shards that came of it, but those of unrelated shards say nothing about each other (Amazon Kinesis Data
Streams: Key concepts, Sequence number).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from .rows import AS_OF, SEQUENCE
from .unit import UnitOfWork


class Lock(NamedTuple):
    """The attribute by which writers of a row are compared, and what this writer has: a time, or a sequence number."""

    name: str
    value: int | str


class Stamp(NamedTuple):
    """The event that writes: when it happened (ms), id, lock (None: nothing is compared), service, trace."""

    at: int
    trigger: str | None = None
    lock: Lock | None = None
    origin: str = ""
    traceparent: str | None = None

    def is_behind(self, row: Mapping[str, Any]) -> bool:
        """Whether the row holds the lock with something newer."""
        return self.lock is not None and is_behind(self.lock.value, row.get(self.lock.name))


def stamp_of(unit: UnitOfWork, idempotence: str) -> Stamp:
    """The stamp of a unit's event, by `oplock`, `sequence`, or without a lock."""
    cause = unit.cause
    lock = None
    if idempotence == "oplock":
        lock = Lock(AS_OF, cause.timestamp)
    elif idempotence == "sequence":
        lock = Lock(SEQUENCE, sequence_of(unit.record))
    tags = unit.event.get("tags") or {}
    return Stamp(cause.timestamp, cause.id, lock, str(tags.get("service", "")), cause.traceparent)


def sequence_of(record: Any) -> str:
    """The sequence number of a stream's record, as text that sorts as the number does.

    Numbers have up to 56 digits and more, which is beyond DynamoDB's 38; so their length stands before them.
    """
    digits = str(int(record["kinesis"]["sequenceNumber"]))
    return f"{len(digits):03d}{digits}"


def is_behind(value: int | str, held: Any) -> bool:
    """Whether a writer is behind what the row holds: older, or of a sequence number that is not greater."""
    if held is None:
        return False
    return bool(value <= held) if isinstance(value, str) else bool(value < held)
