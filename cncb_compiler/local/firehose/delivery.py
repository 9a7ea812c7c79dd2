"""One delivery stream at work: it gathers records, has them transformed, and writes objects."""

from __future__ import annotations

import base64
import gzip
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from cncb_compiler.local.firehose.prefixes import FAILED, SUFFIX_TIME, Prefix, formatted
from cncb_compiler.local.firehose.settings import DeliveryStream, Transform
from cncb_compiler.local.firehose.transform import (
    Arrived,
    Failure,
    Result,
    batches,
    error_line,
    request,
    results,
)
from cncb_compiler.local.sources.deliveries import Invoke
from cncb_compiler.local.sources.records import Record
from cncb_compiler.local.sources.shards import Shard, Stream

QUIET_SECONDS = 1.0
"""After how long without a record all that was gathered is written: nobody here wants to wait for the interval."""
RETRY_SECONDS = 0.5


class Delivery:
    """Follows a Kinesis stream from where it is now on, as Firehose does. One thread works off what has come."""

    def __init__(self, settings: DeliveryStream, s3: Any, invoke: Invoke, report: Callable[[str], None]) -> None:
        self.settings = settings
        self._s3 = s3
        self._invoke = invoke
        self._report = report
        self._changed = threading.Condition()
        self._waiting: list[Arrived] = []
        self._since = self._last = 0.0
        self._wanted = self._working = self._stopped = False
        self._offered = self._done = 0
        self._stream: Stream | None = None
        self._listeners: list[tuple[Shard, Callable[[tuple[Record, ...]], None]]] = []
        self._there: frozenset[str] = frozenset()
        threading.Thread(target=self._work, name=f"firehose-{settings.name}", daemon=True).start()

    def join(self, stream: Stream) -> None:
        """Follow a stream from its latest record on. The caller holds the stream's lock."""
        self._stream = stream
        self._there = frozenset(stream.shards)
        stream.on_shard(self._follow)

    def change(self, settings: DeliveryStream) -> None:
        """Go on with other settings."""
        with self._changed:
            self.settings = settings

    def flush(self) -> None:
        """Write at once what was gathered."""
        with self._changed:
            self._wanted = bool(self._waiting)
            self._changed.notify_all()

    def write_through(self, seconds: float) -> bool:
        """Write at once what was gathered, and wait for it; False where that takes longer than so many seconds."""
        with self._changed:
            upto = self._offered
            self._wanted = bool(self._waiting)
            self._changed.notify_all()
            return self._changed.wait_for(lambda: self._stopped or self._done >= upto, seconds)

    def skip(self) -> None:
        """Forget what was gathered."""
        with self._changed:
            self._done += len(self._waiting)
            self._waiting.clear()
            self._changed.notify_all()

    def stop(self) -> None:
        """End for good."""
        if self._stream is not None:
            self._stream.off_shard(self._follow)
        for shard, listener in self._listeners:
            shard.leave(listener)
        with self._changed:
            self._stopped = True
            self._waiting.clear()
            self._changed.notify_all()

    def busy(self) -> list[str]:
        """What is still going on, in words."""
        with self._changed:
            count = len(self._waiting)
            words = f"the delivery stream {self.settings.name} has {count or 'some'} records to write"
            return [words] if count or self._working else []

    def _follow(self, shard: Shard) -> None:
        def listener(records: tuple[Record, ...]) -> None:
            self._offer(shard.shard_id, records)

        self._listeners.append((shard, listener))
        # A shard that came later is the end of one that was there.
        shard.follow(listener, len(shard.records) if shard.shard_id in self._there else 0)

    def _offer(self, shard: str, records: tuple[Record, ...]) -> None:
        with self._changed:
            self._last = time.monotonic()
            if not self._waiting:
                self._since = self._last
            self._waiting += [Arrived(shard, record) for record in records]
            self._offered += len(records)
            self._changed.notify_all()

    def _work(self) -> None:
        while taken := self._taken():
            done = 0
            try:
                self._deliver(taken)
                done = len(taken)
            except Exception as error:
                self._report(f"the delivery stream {self.settings.name} could not write: {error}")
                self._give_back(taken)
            finally:
                with self._changed:
                    self._working = False
                    self._done += done
                    self._changed.notify_all()

    def _taken(self) -> list[Arrived]:
        """What is to be written now; nothing when it is over."""
        with self._changed:
            while not self._stopped:
                left = self._left()
                if left is not None and left <= 0:
                    taken, self._waiting = self._waiting, []
                    self._wanted, self._working = False, True
                    return taken
                self._changed.wait(left)
            return []

    def _left(self) -> float | None:
        """After how many seconds something is to be written; None where there is nothing."""
        if not self._waiting:
            return None
        if self._wanted or sum(one.size for one in self._waiting) >= self.settings.size:
            return 0
        return min(self._since + self.settings.interval, self._last + QUIET_SECONDS) - time.monotonic()

    def _give_back(self, taken: list[Arrived]) -> None:
        with self._changed:
            if not self._stopped:
                self._waiting = [*taken, *self._waiting]
                self._since = self._last = time.monotonic() + RETRY_SECONDS - QUIET_SECONDS

    def _deliver(self, arrived: Sequence[Arrived]) -> None:
        settings = self.settings
        made: list[tuple[Arrived, bytes]] = []
        failed: list[tuple[Arrived, bytes]] = []
        for batch, results_, attempts in self._transformed(arrived, settings):
            for one, result in zip(batch, results_, strict=True):
                if isinstance(result, Failure):
                    arn = settings.transform.arn if settings.transform else ""
                    failed.append((one, error_line(one, result, attempts, round(time.time() * 1000), arn)))
                elif result is not None:
                    made.append((one, result))
        self._write(settings, settings.prefix, made)
        self._write(settings, settings.error_prefix, failed, FAILED)

    def _transformed(
        self, arrived: Sequence[Arrived], settings: DeliveryStream
    ) -> list[tuple[Sequence[Arrived], list[Result], int]]:
        transform = settings.transform
        if transform is None:
            return [(arrived, [base64.b64decode(one.data) for one in arrived], 0)]
        return [(batch, *self._asked(batch, settings, transform)) for batch in batches(arrived, transform)]

    def _asked(
        self, batch: Sequence[Arrived], settings: DeliveryStream, transform: Transform
    ) -> tuple[list[Result], int]:
        """What the function makes of a batch, and after how many attempts."""
        payload = request(settings, batch, str(uuid.uuid4()))
        words = ""
        for attempt in range(transform.retries + 1):
            try:
                invocation = self._invoke(transform.function, payload)
            except Exception as error:
                words = str(error)
                continue
            if not invocation.error:
                return results(invocation.payload, batch), attempt + 1
            words = str(invocation.error)
        self._report(f"{transform.function} failed on {len(batch)} records of {settings.name}: {words}")
        failure = Failure("Lambda.FunctionError", words or "the function failed")
        return [failure] * len(batch), transform.retries + 1

    def _write(
        self, settings: DeliveryStream, prefix: Prefix, made: Sequence[tuple[Arrived, bytes]], error_type: str = ""
    ) -> None:
        if not made:
            return
        oldest = datetime.fromtimestamp(min(one.record.arrived for one, _ in made), UTC)
        unique = str(uuid.uuid4())
        suffix = f"{settings.name}-{settings.version}-{formatted(SUFFIX_TIME, oldest)}-{unique}"
        body = b"".join(line for _, line in made)
        if settings.gzip:
            body, suffix = gzip.compress(body, 6, mtime=0), f"{suffix}.gz"
        name = prefix.evaluated(oldest, unique.replace("-", "")[:11], error_type) + suffix
        self._s3.put_object(Bucket=settings.bucket, Key=name, Body=body, ContentType="application/octet-stream")
