"""The consumer of one SQS queue for one mapping.

Source: AWS Lambda Developer Guide, "Using Lambda with Amazon SQS", "Handling errors for an SQS event source in Lambda",
"Using event filtering with an Amazon SQS event source". One batch at a time; AWS begins with five at a time.
Messages that failed stay hidden for the queue's visibility timeout, but a second at most, as other retries on this
machine come soon; the queue's own redrive policy counts them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import Any

from cncb_compiler.local.sources import events, filters, responses
from cncb_compiler.local.sources.batches import PAYLOAD_LIMIT
from cncb_compiler.local.sources.consumers import Clock
from cncb_compiler.local.sources.deliveries import Deliveries
from cncb_compiler.local.sources.settings import EventSourceMapping

Message = dict[str, Any]

RECEIVE_LIMIT = 10
"""The most messages that one ReceiveMessage answers with, and one DeleteMessageBatch takes."""

LONGEST_HIDDEN_SECONDS = 1
"""How long a message is hidden at most that a function has failed on."""

LOOK_SECONDS = 0.1
"""How often a queue is looked at whose messages are hidden or delayed: nobody tells when they come."""


class QueueConsumer:
    """Sends the messages of a queue to a function, in a thread."""

    def __init__(
        self, client: Any, mapping: EventSourceMapping, deliveries: Deliveries, clock: Clock = time.time
    ) -> None:
        self._client = client
        self.mapping = mapping
        self._deliveries = deliveries
        self._clock = clock
        self._changed = threading.Condition()
        self._wanted = self._seen = -1
        self._coming = 0
        self._at_work = False
        self._paused = self._stopped = False
        name = mapping.source_arn.split(":")[5]
        self._url = client.get_queue_url(QueueName=name, QueueOwnerAWSAccountId=mapping.source_arn.split(":")[4])[
            "QueueUrl"
        ]
        self._thread = threading.Thread(target=self._consume, name=f"{mapping.function}-{name}", daemon=True)
        self._thread.start()

    @property
    def seen(self) -> int:
        """The change count up to which the queue was worked through."""
        return self._seen

    def look(self, at: int, touched: bool) -> None:
        """Change count `at` is known; `touched` is whether there may be messages since the last one."""
        with self._changed:
            if touched or self._wanted < 0:
                self._wanted = at
                self._changed.notify_all()
            elif self._seen == self._wanted:
                self._seen = self._wanted = max(at, self._seen)

    def change(self, mapping: EventSourceMapping) -> None:
        """Go on with other settings."""
        self.mapping = mapping

    def pause(self) -> None:
        """Begin no further batch."""
        with self._changed:
            self._paused = True

    def resume(self) -> None:
        """Go on."""
        with self._changed:
            self._paused = False
            self._changed.notify_all()

    def restart(self) -> None:
        """Nothing to do: the queue itself delivers again what was not deleted."""

    def skip(self) -> None:
        """Empty the queue."""
        self._client.purge_queue(QueueUrl=self._url)

    def stop(self) -> None:
        """End for good."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def busy(self) -> list[str]:
        """What is still going on, in words."""
        with self._changed:
            function, queue = self.mapping.function, self.mapping.resource
            if self._at_work:
                return [f"{function} is at work on a batch of {queue}"]
            if self._coming:
                return [f"{self._coming} messages of {queue} are hidden or delayed before {function} gets them"]
            if self._seen < self._wanted:
                paused = " (its consumers are paused)" if self._paused else ""
                return [f"{queue} has not been read to its end for {function}{paused}"]
            return []

    def _consume(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(self._called, LOOK_SECONDS if self._coming and not self._paused else None)
                if self._stopped:
                    return
                if self._paused:
                    continue
                wanted = self._wanted
            try:
                self._drain()
                coming = self._left()
            except Exception as error:
                self._deliveries.report(f"{self.mapping.resource} cannot be read: {error}")
                coming = 0
            with self._changed:
                self._coming = coming
                if not self._paused:
                    self._seen = max(self._seen, wanted)

    def _called(self) -> bool:
        return self._stopped or (not self._paused and self._seen < self._wanted)

    def _drain(self) -> None:
        while not self._paused and not self._stopped and (messages := self._gathered()):
            with self._changed:
                self._at_work = True
            try:
                self._deliver(messages)
            finally:
                with self._changed:
                    self._at_work = False

    def _gathered(self) -> list[Message]:
        """The messages of the next batch. A window is waited for only where there are some."""
        policy = self.mapping.policy
        gathered: list[Message] = []
        until = 0.0
        size = 0
        while len(gathered) < policy.batch_size and size < PAYLOAD_LIMIT:
            found = self._receive(min(RECEIVE_LIMIT, policy.batch_size - len(gathered)))
            if found and not gathered:
                until = self._clock() + policy.window
            gathered += found
            # Messages have 256 KB at most: ten more always fit below the limit.
            size = sum(len(one["Body"]) for one in gathered) + RECEIVE_LIMIT * 2**18
            if not found:
                with self._changed:
                    left = until - self._clock()
                    if left <= 0 or self._changed.wait_for(lambda: self._stopped, min(left, LOOK_SECONDS)):
                        break
        return gathered

    def _receive(self, most: int) -> list[Message]:
        answer = self._client.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=most,
            WaitTimeSeconds=0,
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        return list(answer.get("Messages", ()))

    def _deliver(self, messages: Sequence[Message]) -> None:
        mapping = self.mapping
        records = {one["MessageId"]: events.sqs_record(one, mapping.source_arn) for one in messages}
        wanted = [one for one in records.values() if filters.passes(mapping.patterns, _document(one, mapping), "sqs")]
        kept = {one["messageId"] for one in wanted}
        done = [handle["receiptHandle"] for name, handle in records.items() if name not in kept]
        if wanted:
            told = self._deliveries.switches.ordered(mapping.function, wanted)
            invocation = self._deliveries.invocation(mapping, told)
            failed = _failed(invocation, list(kept), mapping.policy.reports)
            done += [one["receiptHandle"] for one in wanted if one["messageId"] not in failed]
            self._show_soon([one["receiptHandle"] for one in wanted if one["messageId"] in failed])
        for start in range(0, len(done), RECEIVE_LIMIT):
            entries = [
                {"Id": str(n), "ReceiptHandle": one} for n, one in enumerate(done[start : start + RECEIVE_LIMIT])
            ]
            self._client.delete_message_batch(QueueUrl=self._url, Entries=entries)

    def _show_soon(self, handles: Sequence[str]) -> None:
        names = ["VisibilityTimeout"]
        hidden = self._client.get_queue_attributes(QueueUrl=self._url, AttributeNames=names)["Attributes"]
        if int(hidden["VisibilityTimeout"]) <= LONGEST_HIDDEN_SECONDS:
            return
        for handle in handles:
            self._client.change_message_visibility(
                QueueUrl=self._url, ReceiptHandle=handle, VisibilityTimeout=LONGEST_HIDDEN_SECONDS
            )

    def _left(self) -> int:
        """How many messages are there: hidden, delayed, or to be received by now, though a moment ago they were not."""
        kinds = ("", "NotVisible", "Delayed")
        names = [f"ApproximateNumberOfMessages{kind}" for kind in kinds]
        told = self._client.get_queue_attributes(QueueUrl=self._url, AttributeNames=names)["Attributes"]
        return sum(int(told.get(name, 0)) for name in names)


def _document(record: dict[str, Any], mapping: EventSourceMapping) -> dict[str, Any]:
    return events.sqs_document(record) if mapping.patterns else record


def _failed(invocation: responses.Invocation | None, identifiers: list[str], reports: bool) -> frozenset[str]:
    if invocation is None or invocation.error is not None:
        return frozenset(identifiers)
    failed = responses.failures(invocation.payload, identifiers) if reports else frozenset()
    return frozenset(identifiers) if failed is None else failed
