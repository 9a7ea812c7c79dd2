"""What a stream's consumer does next: a pure state machine over records and outcomes.

A lane takes the records of a shard (with a parallelisation factor: those of some keys) in order, one batch at a time.
Source: AWS Lambda Developer Guide, "Using Lambda to process records from Amazon Kinesis Data Streams", its pages on
batching, error handling and "Configuring partial batch response", and API CreateEventSourceMapping. Where these are
silent: a partial success without bisecting uses up one retry; so does a report that names the batch's first record.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from cncb_compiler.local.sources.records import Record

PAYLOAD_LIMIT = 6 * 1024 * 1024
"""Bytes of one invocation's payload; AWS Lambda Developer Guide, "Batching behavior"."""

FIRST_BACK_OFF, LONGEST_BACK_OFF = 0.05, 1.0
"""Seconds before a retry: doubled each time. AWS does not document its own, which is longer."""

RETRIES_EXHAUSTED, TOO_OLD = "RetryAttemptsExhausted", "RecordAgeExceeded"

_ENVELOPE = 200
# Bytes around the records of a payload, and what each record gets more than its size: the function's role.


@dataclass(frozen=True, slots=True)
class Policy:
    """What a mapping declares about batches.

    `window` and `max_age` are in seconds; `retries` and `max_age` of -1 have no limit.
    """

    batch_size: int = 100
    window: float = 0
    parallelisation: int = 1
    retries: int = -1
    max_age: int = -1
    bisect: bool = False
    reports: bool = False
    payload_limit: int = PAYLOAD_LIMIT


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an invocation: the first `done` records succeeded, the others did not.

    `whole` says that the batch failed as such, and no record was named. `error` is the function error, if there was
    one. `invoked` is false where the function could not be invoked at all.
    """

    done: int
    whole: bool = False
    error: str | None = None
    invoked: bool = True


@dataclass(frozen=True, slots=True)
class Batch:
    """Records that are sent together. `retries` counts against the limit; `invocations` are all there were."""

    records: tuple[Record, ...]
    retries: int = 0
    invocations: int = 0
    ready_at: float = 0
    last: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Discard:
    """A batch that is given up and goes to the on-failure destination; `condition` says why."""

    batch: Batch
    condition: str


@dataclass(frozen=True, slots=True)
class Invoke:
    """The function is invoked with this batch now."""

    batch: Batch


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing to do before `until` (seconds since the epoch); None: before there is another record."""

    until: float | None


Step = Invoke | Discard | Wait


@dataclass(frozen=True, slots=True)
class Lane:
    """The state of one lane: the batch in hand, the batches to retry, the records that wait (since when)."""

    in_hand: Batch | None = None
    retrying: tuple[Batch, ...] = ()
    waiting: tuple[Record, ...] = ()
    since: float = 0

    @property
    def idle(self) -> bool:
        """Whether there is nothing left to do."""
        return self.in_hand is None and not self.retrying and not self.waiting

    @property
    def records(self) -> tuple[Record, ...]:
        """Every record that is not done, in order."""
        started = ([self.in_hand] if self.in_hand else []) + list(self.retrying)
        return tuple(record for batch in started for record in batch.records) + self.waiting


def received(lane: Lane, records: tuple[Record, ...], now: float) -> Lane:
    """The lane with records more."""
    return replace(lane, waiting=lane.waiting + records, since=lane.since if lane.waiting else now)


def restarted(lane: Lane, now: float) -> Lane:
    """The lane as of its last checkpoint: what was begun begins again."""
    return Lane(waiting=lane.records, since=now)


def next_step(lane: Lane, policy: Policy, now: float) -> tuple[Lane, Step]:
    """What to do now. After Invoke, the lane holds the batch in hand until `concluded`."""
    if lane.in_hand is not None:
        return lane, Wait(None)
    if lane.retrying:
        first, rest = lane.retrying[0], lane.retrying[1:]
        expired = _expired(first.records, policy, now)
        if expired:
            left = (replace(first, records=first.records[expired:]),) if expired < len(first.records) else ()
            given_up = replace(first, records=first.records[:expired])
            return replace(lane, retrying=left + rest), Discard(given_up, TOO_OLD)
        if first.ready_at > now:
            return lane, Wait(first.ready_at)
        return replace(lane, retrying=rest, in_hand=first), Invoke(first)
    return _from_waiting(lane, policy, now)


def concluded(lane: Lane, policy: Policy, outcome: Outcome, now: float) -> tuple[Lane, Discard | None]:
    """The lane after an invocation, and what is given up."""
    batch = lane.in_hand
    assert batch is not None
    left = batch.records[outcome.done :]
    if not left:
        return replace(lane, in_hand=None), None
    tried = replace(batch, records=left, invocations=batch.invocations + outcome.invoked, last=outcome)
    if not outcome.invoked:
        return _again(lane, replace(tried, ready_at=now + FIRST_BACK_OFF)), None
    if policy.bisect and len(batch.records) > 1 and (outcome.whole or outcome.done):
        # A split uses up no retry.
        return _again(lane, *(_halves(tried) if outcome.whole else (tried,))), None
    if 0 <= policy.retries <= batch.retries:
        return replace(lane, in_hand=None), Discard(tried, RETRIES_EXHAUSTED)
    ready_at = now + back_off(batch.retries)
    return _again(lane, replace(tried, retries=batch.retries + 1, ready_at=ready_at)), None


def back_off(retries: int) -> float:
    """Seconds to wait after a failure that had so many retries before it."""
    return min(FIRST_BACK_OFF * float(2 ** min(retries, 10)), LONGEST_BACK_OFF)


def _again(lane: Lane, *batches: Batch) -> Lane:
    return replace(lane, in_hand=None, retrying=batches + lane.retrying)


def _halves(batch: Batch) -> tuple[Batch, Batch]:
    middle = (len(batch.records) + 1) // 2
    return replace(batch, records=batch.records[:middle]), replace(batch, records=batch.records[middle:])


def _from_waiting(lane: Lane, policy: Policy, now: float) -> tuple[Lane, Step]:
    if not lane.waiting:
        return lane, Wait(None)
    expired = _expired(lane.waiting[: policy.batch_size], policy, now)
    if expired:
        return replace(lane, waiting=lane.waiting[expired:]), Discard(Batch(lane.waiting[:expired]), TOO_OLD)
    count, full = _fitting(lane.waiting, policy)
    if not full and now < lane.since + policy.window:
        return lane, Wait(lane.since + policy.window)
    batch = Batch(lane.waiting[:count])
    return replace(lane, in_hand=batch, waiting=lane.waiting[count:], since=now), Invoke(batch)


def _fitting(records: tuple[Record, ...], policy: Policy) -> tuple[int, bool]:
    """How many of the records make the next batch, and whether it is full."""
    size = _ENVELOPE
    for count, record in enumerate(records[: policy.batch_size]):
        size += record.size + _ENVELOPE
        if size > policy.payload_limit:
            return max(count, 1), True
    count = min(len(records), policy.batch_size)
    return count, count == policy.batch_size


def _expired(records: tuple[Record, ...], policy: Policy, now: float) -> int:
    """How many of the first records are older than allowed."""
    if policy.max_age < 0:
        return 0
    fresh = (place for place, record in enumerate(records) if now - record.arrived <= policy.max_age)
    return next(fresh, len(records))
