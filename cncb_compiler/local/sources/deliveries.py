"""Delivering batches to functions: the invocation, the switches of tests, the destination of what is given up."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from cncb_compiler.local.sources import destinations, events, responses
from cncb_compiler.local.sources.batches import Batch, Discard, Outcome
from cncb_compiler.local.sources.settings import EventSourceMapping
from cncb_compiler.local.sources.switches import Switches
from cncb_compiler.target.target import Target

Invoke = Callable[[str, bytes], responses.Invocation]

_LOG = logging.getLogger(__name__)
_DESTINATION_TRIES = 3


class Deliveries:
    """What all consumers share. `problems` are the things that AWS would only show in its metrics, in words."""

    def __init__(self, target: Target, invoke: Invoke) -> None:
        self.switches = Switches()
        self.problems: list[str] = []
        self._target = target
        self._invoke = invoke
        self._lock = threading.Lock()

    def batch(self, mapping: EventSourceMapping, batch: Batch) -> Outcome:
        """Invoke a function with a batch of a stream, in the order that the switches ask for."""
        told = self.switches.ordered(mapping.function, batch.records)
        role = mapping.role if mapping.source == "kinesis" else None
        invocation = self.invocation(mapping, [record.event for record in told], role)
        if invocation is None:
            return Outcome(0, invoked=False)
        outcome = responses.outcome(invocation, [record.sequence for record in told], mapping.policy.reports)
        # Told in another order, what the function has not done may stand before what it has.
        undone = set(told[outcome.done :])
        done = next((at for at, record in enumerate(batch.records) if record in undone), len(batch.records))
        return replace(outcome, done=done)

    def invocation(
        self, mapping: EventSourceMapping, records: Sequence[Mapping[str, Any]], role: str | None = None
    ) -> responses.Invocation | None:
        """Invoke a function with records; None where that is not possible. Delivered twice, the last answer counts."""
        payload = events.payload(records, role)
        invocation = None
        for _ in range(self.switches.deliveries(mapping.function)):
            try:
                invocation = self._invoke(mapping.function, payload)
            except Exception as error:
                self.report(f"{mapping.function} could not be invoked: {error}")
                return None
        return invocation

    def discard(self, mapping: EventSourceMapping, shard: str, discard: Discard) -> None:
        """Send a batch that is given up to the mapping's destination."""
        for tried in range(_DESTINATION_TRIES):
            try:
                return destinations.send(self._target, mapping, shard, discard, time.time())
            except Exception as error:
                if tried + 1 == _DESTINATION_TRIES:
                    self.report(f"{mapping.destination} did not get a discarded batch of {mapping.function}: {error}")
        return None

    def report(self, words: str) -> None:
        """Keep what went wrong; the same thing once."""
        with self._lock:
            if words not in self.problems:
                self.problems.append(words)
                _LOG.warning(words)
