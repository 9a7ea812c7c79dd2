"""The event source mappings of this machine: which there are, and when all of them have come to rest."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from cncb_compiler.local.sources.deliveries import Deliveries, Invoke
from cncb_compiler.local.sources.queues import QueueConsumer
from cncb_compiler.local.sources.reading import Changes, Reading
from cncb_compiler.local.sources.settings import EventSourceMapping, enabled, mapping_of
from cncb_compiler.local.sources.stream_mappings import StreamMapping
from cncb_compiler.local.sources.switches import Delivered
from cncb_compiler.target.problems import translated
from cncb_compiler.target.target import Target

MAPPINGS = "EventSourceMappings"
GATHER_SECONDS = 0.3


class EventSources:
    """All mappings of the functions that this machine runs. Safe for threads.

    `invoke` runs a function, by name, with a payload, and waits for it; where it raises, the function counts as one
    that cannot be invoked now, and the batch waits without using up a retry.
    """

    def __init__(self, target: Target, invoke: Invoke, changes: Changes) -> None:
        self._target = target
        self._changes = changes
        self._deliveries = Deliveries(target, invoke)
        self.reading = Reading(target, changes, self._deliveries.report)
        self._lock = threading.RLock()
        self._mappings: dict[str, StreamMapping | QueueConsumer] = {}
        self._gathering: dict[str, EventSourceMapping] = {}
        self._paused = False

    def start(self) -> None:
        """Begin to read, in a thread."""
        self.reading.start()

    def stop(self) -> None:
        """End all threads. Invocations under way are not waited for; what they answer is dropped."""
        self.reading.stop()
        with self._lock:
            for uuid in tuple(self._mappings):
                self._end(uuid)

    def adopt(self, function_names: Iterable[str]) -> None:
        """Play the mappings that these functions have now.

        Mappings that are known go on where they are, with the settings of now; those that are gone end. Raises Problem
        for what this machine does not play, before anything has changed.
        """
        names = frozenset(function_names)
        with self._lock:
            with translated("reading the event source mappings"):
                mappings = {one.uuid: one for one in self._told(names)}
                self.reading.look_again()
                for uuid in [one for one, known in self._mappings.items() if known.mapping.function in names]:
                    if uuid not in mappings:
                        self._end(uuid)
                for mapping in mappings.values():
                    self._play(mapping)
            self.reading.drop_unused()

    def forget(self, function_names: Iterable[str]) -> None:
        """Play the mappings of these functions no more."""
        names = frozenset(function_names)
        with self._lock:
            for uuid in [one for one, known in self._mappings.items() if known.mapping.function in names]:
                self._end(uuid)
            self.reading.drop_unused()

    def pause(self) -> None:
        """Consumers finish their batch, and begin no other."""
        with self._lock:
            self._paused = True
            for mapping in self._mappings.values():
                mapping.pause()

    def resume(self) -> None:
        """Consumers go on where they were."""
        with self._lock:
            self._paused = False
            for mapping in self._mappings.values():
                mapping.resume()

    def restart(self) -> None:
        """Consumers begin again from their last checkpoint: an unfinished batch is delivered again."""
        with self._lock:
            for mapping in self._mappings.values():
                mapping.restart()

    def to_latest(self) -> None:
        """Skip everything that is there: streams are read to their ends, batches dropped, queues emptied."""
        with self._lock:
            self.reading.catch_up()
            for mapping in self._mappings.values():
                mapping.skip()

    def settled(self, at: int) -> bool:
        """Whether everything up to change count `at` is read and worked through, and nothing is under way.

        Batches may have written meanwhile: whoever waits for rest asks for the count again afterwards.
        """
        return self.reading.seen() >= at and not self._consuming()

    def busy(self) -> list[str]:
        """What is still going on, in words."""
        return self.reading.unread() + self._consuming()

    @property
    def problems(self) -> list[str]:
        """In words, each once, what AWS would only show in its metrics: what could not be read, invoked, or sent."""
        return list(self._deliveries.problems)

    def subscribe(self, stream_name: str, callback: Callable[[dict[str, Any]], None]) -> Callable[[], None]:
        """Call with each record that a Kinesis stream gets from now on; what is given back ends that.

        A record has partitionKey, sequenceNumber, data (bytes), shard, approximateArrivalTimestamp (seconds since the
        epoch). Calls come from the thread that reads, in order within a shard; they must not block.
        """
        with translated(f"reading the stream {stream_name}"):
            return self.reading.subscribe(stream_name, callback)

    def duplicate(self, function: str, times: int | None = None) -> None:
        """Deliver each batch of a function twice; `times` says for how many batches."""
        self._deliveries.switches.duplicate(function, times)

    def shuffle(self, function: str, seed: int, times: int | None = None) -> None:
        """Deliver the records of each batch in another order; `times` says for how many batches.

        There is no other order of one record, so batches are gathered for a moment until the switches are cleared.
        """
        self._deliveries.switches.shuffle(function, seed, times)
        with self._lock:
            for uuid, played in self._mappings.items():
                if played.mapping.function == function and uuid not in self._gathering:
                    self._gathering[uuid] = played.mapping
                    policy = replace(played.mapping.policy, window=max(played.mapping.policy.window, GATHER_SECONDS))
                    played.change(replace(played.mapping, policy=policy))

    def delivered(self, function: str) -> Delivered:
        """What a function was delivered since it had its first switch."""
        return self._deliveries.switches.delivered(function)

    def clear_switches(self) -> None:
        """Deliver as usual again."""
        self._deliveries.switches.clear()
        with self._lock:
            for uuid, mapping in self._gathering.items():
                if uuid in self._mappings:
                    self._mappings[uuid].change(mapping)
            self._gathering.clear()

    def mark_expired(self, table_name: str, key: Mapping[str, Any]) -> None:
        """The next removal of that item looks like one by time to live. `key` is in DynamoDB's JSON."""
        self.reading.expired.mark(table_name, key)

    def _told(self, names: frozenset[str]) -> list[EventSourceMapping]:
        """The mappings of these functions, by two lists of all: a call for each function would take a second."""
        client = self._target.client("lambda")
        told = [one for page in client.get_paginator("list_event_source_mappings").paginate() for one in page[MAPPINGS]]
        mine = [one for one in told if one["FunctionArn"].rpartition(":")[2] in names]
        mappings = [mapping_of(one) for one in mine if enabled(one)]
        if not any(one.source == "kinesis" for one in mappings):
            return mappings
        functions = [one for page in client.get_paginator("list_functions").paginate() for one in page["Functions"]]
        roles = {one["FunctionArn"]: one["Role"] for one in functions}
        return [replace(one, role=roles.get(one.function_arn, "")) for one in mappings]

    def _play(self, mapping: EventSourceMapping) -> None:
        if known := self._mappings.get(mapping.uuid):
            known.change(mapping)
            return
        played: StreamMapping | QueueConsumer
        if mapping.source == "sqs":
            played = QueueConsumer(self._target.client("sqs"), mapping, self._deliveries)
        else:
            played = StreamMapping(mapping, self._deliveries)
        if self._paused:
            played.pause()
        if isinstance(played, QueueConsumer):
            self.reading.watch(played)
        else:
            self.reading.join(mapping.source, mapping.stream_arn, played.join)
        self._mappings[mapping.uuid] = played

    def _end(self, uuid: str) -> None:
        played = self._mappings.pop(uuid)
        played.stop()
        self.reading.leave(played)

    def _consuming(self) -> list[str]:
        with self._lock:
            played = tuple(self._mappings.values())
        return [words for one in played for words in one.busy()]
