"""Streams as this machine has read them: a log a shard, read once however many consumers there are."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol

from cncb_compiler.local.sources.records import Record

Listener = Callable[[tuple[Record, ...]], None]


class Source(Protocol):
    """What a stream is read from."""

    def shards(self) -> list[str]:
        """The ids of its shards, parents before children."""

    def read(self, shard: str, after: str | None) -> tuple[tuple[Record, ...], bool]:
        """Records of a shard after a sequence number, or from the horizon on; and whether there are more behind."""

    def identity(self) -> str:
        """What changes when a stream is deleted and made again under its name."""


class Shard:
    """One shard: all records that were read, and who listens to new ones."""

    def __init__(self, shard_id: str) -> None:
        self.shard_id = shard_id
        self.records: list[Record] = []
        self._listeners: list[Listener] = []

    def append(self, records: tuple[Record, ...]) -> None:
        """Keep records and tell whoever listens."""
        self.records.extend(records)
        for listener in tuple(self._listeners):
            listener(records)

    def follow(self, listener: Listener, position: int) -> None:
        """Tell a listener of the records from a position on."""
        if behind := tuple(self.records[position:]):
            listener(behind)
        self._listeners.append(listener)

    def leave(self, listener: Listener) -> None:
        """Tell a listener nothing more."""
        if listener in self._listeners:
            self._listeners.remove(listener)

    def place(self, position: str, timestamp: float) -> int:
        """Where a starting position is in the log."""
        if position == "TRIM_HORIZON":
            return 0
        if position == "LATEST":
            return len(self.records)
        later = (place for place, record in enumerate(self.records) if record.arrived >= timestamp)
        return next(later, len(self.records))


class Stream:
    """One stream; `seen` is the change count up to which it is read.

    Its lock is held while it is read, so that nobody joins between a record and the news of it.
    """

    def __init__(self, service: str, name: str, source: Source) -> None:
        self.service = service
        self.name = name
        self.lock = threading.RLock()
        self.shards: dict[str, Shard] = {}
        self.seen = -1
        self._source = source
        self._identity = ""
        self._followers: list[Callable[[Shard], None]] = []

    def open(self) -> bool:
        """Learn of shards. True if it is another stream than before under the same name: then its logs are empty."""
        with self.lock:
            identity = self._source.identity()
            another = self._identity not in ("", identity)
            if another:
                self.shards.clear()
                self.seen = 0
            self._identity = identity
            for shard_id in self._source.shards():
                if shard_id not in self.shards:
                    self.shards[shard_id] = Shard(shard_id)
                    for follower in self._followers:
                        follower(self.shards[shard_id])
            return another

    def read(self, at: int) -> None:
        """Read what is new. `at` is a change count that was known before."""
        with self.lock:
            for shard in self.shards.values():
                more = True
                while more:
                    last = shard.records[-1].sequence if shard.records else None
                    records, more = self._source.read(shard.shard_id, last)
                    if records:
                        shard.append(records)
            self.seen = max(self.seen, at)

    def on_shard(self, follower: Callable[[Shard], None]) -> None:
        """Call for each shard, now and when there are new ones."""
        with self.lock:
            self._followers.append(follower)
            for shard in self.shards.values():
                follower(shard)

    def off_shard(self, follower: Callable[[Shard], None]) -> None:
        """Call no more."""
        with self.lock:
            if follower in self._followers:
                self._followers.remove(follower)

    @property
    def followed(self) -> bool:
        """Whether anybody wants its records."""
        return bool(self._followers)
