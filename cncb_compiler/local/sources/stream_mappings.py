"""A mapping of a stream: a consumer for each shard.

Shards that resharding made are found when mappings are adopted, and do not wait for the end of their parents, as AWS
has them do.
"""

from __future__ import annotations

from cncb_compiler.local.sources.consumers import Consumer
from cncb_compiler.local.sources.deliveries import Deliveries
from cncb_compiler.local.sources.settings import EventSourceMapping
from cncb_compiler.local.sources.shards import Shard, Stream


class StreamMapping:
    """A mapping of a stream: a consumer for each of its shards."""

    def __init__(self, mapping: EventSourceMapping, deliveries: Deliveries) -> None:
        self.mapping = mapping
        self._deliveries = deliveries
        self._stream: Stream | None = None
        self._consumers: dict[Shard, Consumer] = {}
        self._there: frozenset[Shard] = frozenset()
        self._paused = False

    def join(self, stream: Stream) -> None:
        """Consume a stream from the mapping's starting position. The caller holds the stream's lock."""
        self._stream = stream
        self._there = frozenset(stream.shards.values())
        stream.on_shard(self.follow)

    def follow(self, shard: Shard) -> None:
        """Consume a shard. One that came after the mapping is consumed from its beginning, as its parent's end."""
        consumer = Consumer(self.mapping, shard.shard_id, self._deliveries)
        if self._paused:
            consumer.pause()
        self._consumers[shard] = consumer
        known = shard in self._there
        shard.follow(consumer.offer, shard.place(self.mapping.position, self.mapping.timestamp) if known else 0)

    def change(self, mapping: EventSourceMapping) -> None:
        """Go on with other settings."""
        self.mapping = mapping
        for consumer in self._consumers.values():
            consumer.change(mapping)

    def pause(self) -> None:
        """Begin no further batch."""
        self._paused = True
        for consumer in self._consumers.values():
            consumer.pause()

    def resume(self) -> None:
        """Go on where it was."""
        self._paused = False
        for consumer in self._consumers.values():
            consumer.resume()

    def restart(self) -> None:
        """Begin again from the last checkpoint."""
        for consumer in self._consumers.values():
            consumer.restart()

    def skip(self) -> None:
        """Forget what was not delivered."""
        for consumer in self._consumers.values():
            consumer.skip()

    def stop(self) -> None:
        """End for good."""
        if self._stream is not None:
            self._stream.off_shard(self.follow)
        for shard, consumer in self._consumers.items():
            shard.leave(consumer.offer)
            consumer.stop()

    def busy(self) -> list[str]:
        """What is still going on, in words."""
        return [words for consumer in tuple(self._consumers.values()) for words in consumer.busy()]
