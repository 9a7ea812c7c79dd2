"""The consumer of one shard for one mapping: threads that carry out what `batches` says."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from zlib import crc32

from cncb_compiler.local.sources import filters
from cncb_compiler.local.sources.batches import (
    Discard,
    Invoke,
    Lane,
    Policy,
    Wait,
    concluded,
    next_step,
    received,
    restarted,
)
from cncb_compiler.local.sources.deliveries import Deliveries
from cncb_compiler.local.sources.records import Record
from cncb_compiler.local.sources.settings import EventSourceMapping

Clock = Callable[[], float]


class Consumer:
    """Sends the records of a shard to a function. A lane has a thread while it has something to do.

    With a parallelisation factor there are so many lanes; the records of one key stay in one of them.
    """

    def __init__(
        self, mapping: EventSourceMapping, shard: str, deliveries: Deliveries, clock: Clock = time.time
    ) -> None:
        self._mapping = mapping
        self._shard = shard
        self._deliveries = deliveries
        self._clock = clock
        self._changed = threading.Condition()
        self._lanes = [Lane()] * mapping.policy.parallelisation
        self._threads: dict[int, threading.Thread] = {}
        self._at_work = 0
        # Threads of another run than this one drop what they come back with.
        self._run = 0
        self._paused = False
        self._stopped = False

    def offer(self, records: tuple[Record, ...]) -> None:
        """Take records of the shard; those that the filter refuses are skipped here."""
        mapping = self._mapping
        wanted = [one for one in records if filters.passes(mapping.patterns, one.document, mapping.source)]
        if not wanted:
            return
        with self._changed:
            self._spread(wanted)
            self._work()

    def change(self, mapping: EventSourceMapping) -> None:
        """Go on with other settings, where it is."""
        with self._changed:
            factor = mapping.policy.parallelisation
            if factor != self._mapping.policy.parallelisation:
                left = sorted((one for lane in self._lanes for one in lane.records), key=lambda one: int(one.sequence))
                self._begin([Lane()] * factor)
                self._spread(left, factor)
            self._mapping = mapping
            self._work()

    def pause(self) -> None:
        """Begin no further batch."""
        with self._changed:
            self._paused = True

    def resume(self) -> None:
        """Go on where it was."""
        with self._changed:
            self._paused = False
            self._work()

    def restart(self) -> None:
        """Begin again from the last checkpoint: what is not concluded is delivered again."""
        with self._changed:
            self._begin([restarted(lane, self._clock()) for lane in self._lanes])
            self._work()

    def skip(self) -> None:
        """Forget what it has not delivered."""
        with self._changed:
            self._begin([Lane()] * len(self._lanes))

    def stop(self) -> None:
        """End for good."""
        with self._changed:
            self._stopped = True
            self._begin([Lane()] * len(self._lanes))

    def busy(self) -> list[str]:
        """What is still going on, in words."""
        with self._changed:
            left = sum(len(lane.records) for lane in self._lanes)
            words = (
                f"{self._mapping.function} has {left} records of {self._mapping.resource} {self._shard} to work through"
            )
            if self._paused:
                words += " (its consumers are paused)"
            at_work = f"{self._mapping.function} is at work on a batch of {self._mapping.resource} {self._shard}"
            return [words] * bool(left) + [at_work] * (bool(self._at_work) and not left)

    def _spread(self, records: list[Record], lanes: int | None = None) -> None:
        """Give records to their lanes. Callers hold the lock."""
        count, now = lanes or len(self._lanes), self._clock()
        for place in range(count):
            share = tuple(one for one in records if count == 1 or crc32(one.key.encode()) % count == place)
            if share:
                self._lanes[place] = received(self._lanes[place], share, now)

    def _begin(self, lanes: list[Lane]) -> None:
        self._run += 1
        self._threads = {}
        self._lanes = lanes
        self._changed.notify_all()

    def _work(self) -> None:
        """See that each lane with something to do has a thread. Callers hold the lock."""
        for place, lane in enumerate(self._lanes):
            if not lane.idle and not self._paused and not self._stopped and place not in self._threads:
                name = f"{self._mapping.function}-{self._shard}-{place}"
                self._threads[place] = threading.Thread(
                    target=self._lane, args=(place, self._run), name=name, daemon=True
                )
                self._threads[place].start()
        self._changed.notify_all()

    def _lane(self, place: int, run: int) -> None:
        while step := self._next(place, run):
            mapping = self._mapping
            try:
                if isinstance(step, Discard):
                    self._deliveries.discard(mapping, self._shard, step)
                else:
                    self._deliver(place, run, mapping, step)
            finally:
                with self._changed:
                    self._at_work -= 1

    def _next(self, place: int, run: int) -> Invoke | Discard | None:
        """The next thing to carry out; None where this thread's work has ended."""
        with self._changed:
            while run == self._run:
                if self._paused:
                    del self._threads[place]
                    return None
                self._lanes[place], step = next_step(self._lanes[place], self._policy, self._clock())
                if not isinstance(step, Wait):
                    self._at_work += 1
                    return step
                if step.until is None:
                    del self._threads[place]
                    return None
                self._changed.wait(max(step.until - self._clock(), 0))
            return None

    def _deliver(self, place: int, run: int, mapping: EventSourceMapping, step: Invoke) -> None:
        outcome = self._deliveries.batch(mapping, step.batch)
        with self._changed:
            if run != self._run:
                return
            self._lanes[place], discard = concluded(self._lanes[place], mapping.policy, outcome, self._clock())
        if discard:
            self._deliveries.discard(mapping, self._shard, discard)

    @property
    def _policy(self) -> Policy:
        return self._mapping.policy
