"""Putting events on a Kinesis stream, in order per partition key (Amazon Kinesis API Reference: PutRecords)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, NamedTuple

from . import aws, jsons
from .bulk import Entry, Limits, send_all
from .errors import TransientError

LIMITS = Limits(entries=500, bytes=5 * 1024 * 1024)
"""What one request takes."""
MAX_EVENT_BYTES = 1024 * 1024
"""The most bytes of one event with its partition key."""
MAX_KEY_LENGTH = 256


class Outgoing(NamedTuple):
    """An event on its way to the stream that the environment names by `stream`."""

    stream: str
    event: dict[str, Any]
    data: bytes

    @property
    def key(self) -> str:
        """The partition key."""
        return str(self.event["partitionKey"])


def outgoing(stream: str, event: dict[str, Any]) -> Outgoing:
    """The event, encoded. Raises ValueError where a stream cannot hold it."""
    made = Outgoing(stream, event, jsons.dumps(event).encode())
    if not 0 < len(made.key) <= MAX_KEY_LENGTH:
        raise ValueError(
            f"the partition key of {event['type']} has {len(made.key)} characters, not 1 to {MAX_KEY_LENGTH}"
        )
    if _size(made) > MAX_EVENT_BYTES:
        raise ValueError(f"{event['type']} has {len(made.data)} bytes: more than a stream holds")
    return made


def put(events: Sequence[Outgoing]) -> list[Exception | None]:
    """Put each event on its stream; the answer says of each what kept it off."""
    return send_all([entry(event) for event in events], LIMITS, send)


def entry(event: Outgoing) -> Entry:
    """The event as an entry of a request."""
    return Entry({"Data": event.data, "PartitionKey": event.key}, _size(event), event.stream, event.key)


def send(entries: Sequence[Entry]) -> list[Exception | None]:
    """Put events of one stream by one request."""
    answer = aws.client("kinesis").put_records(
        StreamName=os.environ[entries[0].place], Records=[entry.content for entry in entries]
    )
    codes = [record.get("ErrorCode") for record in answer["Records"]]
    return [TransientError(f"not published: {code}") if code else None for code in codes]


def _size(event: Outgoing) -> int:
    return len(event.data) + len(event.key.encode())
