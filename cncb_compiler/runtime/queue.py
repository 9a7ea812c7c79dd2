"""Messages to a queue, ten by one request (Amazon SQS API Reference: SendMessageBatch).

A FIFO queue keeps the order of each partition key, and takes an event once: within five minutes a message with the
same MessageDeduplicationId is accepted and not delivered again.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from . import aws, jsons, tracing
from .bulk import Entry, Limits
from .messages import LIMITS, Message, fitting, not_sent
from .unit import UnitOfWork

_TOKEN = re.compile(r"[!-~]{1,128}")
_ESCAPED = {0xFFFE: "\\ufffe", 0xFFFF: "\\uffff"}
"""The characters that JSON may hold and SQS refuses."""


class Queue(NamedTuple):
    """A queue, its URL in the variable `variable`. `message` is what is said about an event."""

    variable: str
    message: Message
    fifo: bool = False

    @property
    def limits(self) -> Limits:
        """What one request takes."""
        return LIMITS

    def entry(self, unit: UnitOfWork) -> Entry:
        """The unit's message."""
        body = jsons.dumps(self.message(unit.event)).translate(_ESCAPED)
        content: dict[str, Any] = {"MessageBody": body}
        key = None
        if self.fifo:
            key = unit.cause.partition_key
            content |= {"MessageGroupId": _token(key), "MessageDeduplicationId": _token(unit.cause.id)}
        if (trace := tracing.header(unit.cause.traceparent)) is not None:
            # Counts nothing, unlike other attributes (Amazon SQS: Message system attributes).
            content["MessageSystemAttributes"] = {"AWSTraceHeader": {"DataType": "String", "StringValue": trace}}
        return Entry(content, fitting(len(body.encode()), self.variable), self.variable, key)

    def send(self, entries: Sequence[Entry]) -> list[Exception | None]:
        """Send messages by one request."""
        answer = aws.client("sqs").send_message_batch(
            QueueUrl=os.environ[self.variable],
            Entries=[{"Id": str(number), **entry.content} for number, entry in enumerate(entries)],
        )
        failed = {
            one["Id"]: not_sent(one["Code"], one.get("Message", ""), transient=not one["SenderFault"])
            for one in answer.get("Failed", ())
        }
        return [failed.get(str(number)) for number in range(len(entries))]


def _token(text: str) -> str:
    """A text as SQS takes it for a group or a deduplication: itself, or its hash where it has other characters."""
    return text if _TOKEN.fullmatch(text) else sha256(text.encode()).hexdigest()
