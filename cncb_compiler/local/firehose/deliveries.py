"""The delivery streams of this machine: which there are, and when all of them have come to rest."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from cncb_compiler.local.firehose.delivery import Delivery
from cncb_compiler.local.firehose.settings import delivery_stream
from cncb_compiler.local.sources.deliveries import Invoke
from cncb_compiler.local.sources.reading import Reading
from cncb_compiler.target.problems import translated
from cncb_compiler.target.target import Target


class Firehose:
    """All delivery streams that this machine runs. Safe for threads.

    They share the `reading` of streams with the event source mappings, each with a position of its own.
    """

    def __init__(self, target: Target, invoke: Invoke, reading: Reading) -> None:
        self._target = target
        self._invoke = invoke
        self._reading = reading
        self._lock = threading.RLock()
        self._deliveries: dict[str, Delivery] = {}
        self.problems: list[str] = []

    def adopt(self, names: Iterable[str]) -> None:
        """Run these delivery streams as they are configured now; those that run already go on where they are."""
        with self._lock, translated("reading the delivery streams"):
            for name in names:
                told = self._target.client("firehose").describe_delivery_stream(DeliveryStreamName=name)
                settings = delivery_stream(told["DeliveryStreamDescription"])
                if known := self._deliveries.get(name):
                    known.change(settings)
                    continue
                delivery = Delivery(settings, self._target.client("s3"), self._invoke, self._report)
                self._reading.join("kinesis", settings.source_arn, delivery.join)
                self._deliveries[name] = delivery

    def forget(self, names: Iterable[str]) -> None:
        """Run these no more."""
        with self._lock:
            for name in names:
                if delivery := self._deliveries.pop(name, None):
                    delivery.stop()
            self._reading.drop_unused()

    def stop(self) -> None:
        """End all."""
        self.forget(tuple(self._deliveries))

    def flush(self) -> None:
        """Write at once what was gathered."""
        for delivery in self._all():
            delivery.flush()

    def write_through(self, seconds: float) -> bool:
        """Write at once what was gathered, and wait for it; False where one takes longer than so many seconds."""
        return all(delivery.write_through(seconds) for delivery in self._all())

    def skip(self) -> None:
        """Forget what was gathered and is not yet written."""
        for delivery in self._all():
            delivery.skip()

    def busy(self) -> list[str]:
        """What is still going on, in words."""
        return [words for delivery in self._all() for words in delivery.busy()]

    def _all(self) -> tuple[Delivery, ...]:
        with self._lock:
            return tuple(self._deliveries.values())

    def _report(self, words: str) -> None:
        with self._lock:
            if words not in self.problems:
                self.problems.append(words)
