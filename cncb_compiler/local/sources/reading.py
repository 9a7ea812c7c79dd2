"""Reading streams when something has changed, once for all who want their records."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from botocore.exceptions import ClientError

from cncb_compiler.local.sources.queues import QueueConsumer
from cncb_compiler.local.sources.readers import DynamoDBSource, Expired, KinesisSource
from cncb_compiler.local.sources.records import Record
from cncb_compiler.local.sources.shards import Shard, Source, Stream
from cncb_compiler.local.sources.stream_mappings import StreamMapping
from cncb_compiler.target.target import Target

LONGEST_WAIT_SECONDS, RETRY_SECONDS = 0.1, 0.05
"""How long to wait for a change at most, and before reading again what could not be read."""

_FILL_QUEUES = ("sqs", "sns", "s3", "events")
# Topics, buckets and buses put messages into queues without a request to SQS.
_THROTTLED = ("ProvisionedThroughputExceededException", "LimitExceededException", "ThrottlingException")


class Changes(Protocol):
    """What says that data has changed: `cncb_compiler.local.endpoint.changes.ChangeFeed`."""

    def wait(self, since: int, timeout: float) -> int:
        """The count, as soon as it is above `since`, or after that many seconds."""

    def touched(self, service: str) -> int:
        """The count at which data of a service last changed."""

    def touched_resource(self, service: str, name: str) -> int:
        """The count at which data of a table or stream last changed."""

    def refresh(self) -> int:
        """The count now."""


class Reading:
    """The streams that are read, and the queues that are looked at, by one thread."""

    def __init__(self, target: Target, changes: Changes, report: Callable[[str], None]) -> None:
        self.expired = Expired()
        self._target = target
        self._changes = changes
        self._report = report
        self._lock = threading.RLock()
        self._streams: dict[str, Stream] = {}
        self._queues: list[QueueConsumer] = []
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._read_on, name="stream-readers", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(2 * LONGEST_WAIT_SECONDS)

    def join(self, service: str, arn: str, follower: Callable[[Stream], None]) -> None:
        """Have a follower join a stream whose records up to now are read."""
        with self._read_to_now(service, arn) as stream:
            follower(stream)

    def watch(self, queue: QueueConsumer) -> None:
        """Tell a queue's consumer when to look."""
        queue.look(self._changes.refresh(), touched=True)
        with self._lock:
            self._queues.append(queue)

    def leave(self, mapping: StreamMapping | QueueConsumer) -> None:
        """Tell it nothing more."""
        with self._lock:
            self._queues = [one for one in self._queues if one is not mapping]

    def subscribe(self, stream_name: str, callback: Callable[[dict[str, Any]], None]) -> Callable[[], None]:
        """Call with each record that a Kinesis stream gets from now on."""
        told = self._target.client("kinesis").describe_stream_summary(StreamName=stream_name)
        ended = threading.Event()

        def follower(shard: Shard) -> None:
            def listener(records: tuple[Record, ...]) -> None:
                if not ended.is_set():
                    self._tell(callback, shard.shard_id, records)

            shard.follow(listener, len(shard.records))

        with self._read_to_now("kinesis", told["StreamDescriptionSummary"]["StreamARN"]) as stream:
            stream.on_shard(follower)

        def end() -> None:
            ended.set()
            stream.off_shard(follower)
            self.drop_unused()

        return end

    def look_again(self) -> None:
        """See whether Kinesis streams have other shards, or were made again under their names."""
        with self._lock:
            streams = [stream for stream in self._streams.values() if stream.service == "kinesis"]
        for stream in streams:
            try:
                stream.open()
            except ClientError as error:
                if _code(error) != "ResourceNotFoundException":
                    raise

    def drop_unused(self) -> None:
        """Forget the streams that nobody wants."""
        with self._lock:
            self._streams = {arn: stream for arn, stream in self._streams.items() if stream.followed}

    def catch_up(self) -> None:
        """Read everything that is there now."""
        at = self._changes.refresh()
        for stream in self._all():
            self._read(stream, at)

    def seen(self) -> int:
        """The change count up to which everything is read."""
        with self._lock:
            seen = [stream.seen for stream in self._streams.values()] + [queue.seen for queue in self._queues]
        return min(seen, default=2**63)

    def unread(self) -> list[str]:
        """The streams that have changed since they were read, in words."""
        behind = [stream for stream in self._all() if self._changed(stream)]
        return [f"{stream.name} ({stream.service}) has not been read to its end" for stream in behind]

    def _touched(self, service: str, name: str) -> int:
        """When a stream or table was last changed."""
        return self._changes.touched_resource(service, name)

    @contextmanager
    def _read_to_now(self, service: str, arn: str) -> Iterator[Stream]:
        """A stream whose records up to now are read; nobody reads it meanwhile."""
        stream = self._stream(service, arn)
        try:
            with stream.lock:
                at = self._changes.refresh()
                if stream.seen < at:
                    stream.read(at)
                yield stream
        finally:
            self.drop_unused()

    def _all(self) -> tuple[Stream, ...]:
        with self._lock:
            return tuple(self._streams.values())

    def _stream(self, service: str, arn: str) -> Stream:
        with self._lock:
            if arn not in self._streams:
                stream = Stream(service, arn.split("/")[1], self._source(service, arn))
                stream.open()
                self._streams[arn] = stream
            return self._streams[arn]

    def _source(self, service: str, arn: str) -> Source:
        if service == "kinesis":
            return KinesisSource(self._target.client("kinesis"), arn)
        return DynamoDBSource(self._target.client("dynamodbstreams"), arn, self.expired)

    def _read_on(self) -> None:
        at = -1
        complete = True
        while not self._stopping.is_set():
            if not complete:
                self._stopping.wait(RETRY_SECONDS)
            at = self._changes.wait(at, LONGEST_WAIT_SECONDS if complete else 0)
            complete = self._round(at)

    def _changed(self, stream: Stream) -> bool:
        """Whether there may be more. One that was never read is in the hands of whoever joins it."""
        return 0 <= stream.seen < self._touched(stream.service, stream.name)

    def _round(self, at: int) -> bool:
        """Read what has changed; false if something could not be read."""
        complete = True
        # Kinesis first: its streams feed many functions.
        for stream in sorted(self._all(), key=lambda one: one.service != "kinesis"):
            if self._changed(stream):
                complete &= self._read(stream, at)
            elif stream.seen >= 0:
                stream.seen = max(stream.seen, at)
        with self._lock:
            queues = tuple(self._queues)
        for queue in queues:
            queue.look(at, touched=any(self._changes.touched(one) > queue.seen for one in _FILL_QUEUES))
        return complete

    def _read(self, stream: Stream, at: int) -> bool:
        try:
            stream.read(at)
        except ClientError as error:
            if _code(error) == "ResourceNotFoundException":
                # It was removed, and holds nothing that anybody could wait for.
                stream.seen = max(stream.seen, at)
                return True
            if _code(error) not in _THROTTLED:
                self._report(f"{stream.name} cannot be read: {error}")
            return False
        except Exception as error:
            self._report(f"{stream.name} cannot be read: {error}")
            return False
        return True

    def _tell(self, callback: Callable[[dict[str, Any]], None], shard: str, records: tuple[Record, ...]) -> None:
        for record in records:
            told = record.event["kinesis"]
            fields = ("partitionKey", "sequenceNumber", "approximateArrivalTimestamp")
            try:
                callback(
                    {**{name: told[name] for name in fields}, "data": base64.b64decode(told["data"]), "shard": shard}
                )
            except Exception as error:
                self._report(f"a subscriber failed on {record.sequence} of {shard}: {error!r}")


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code"))
