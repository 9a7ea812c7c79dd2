"""Putting events on a Kinesis stream.

Order per partition key is kept, which PutRecords by itself does not promise: one request never holds two
events of a key, and after an event that could not be put the later ones of its key are not sent (Amazon
Kinesis Data Streams API Reference: PutRecords).
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Sequence
from typing import Any, NamedTuple

from . import aws, jsons
from .errors import TransientError

MAX_ENTRIES = 500
"""The most events of one request."""
MAX_REQUEST_BYTES = 5 * 1024 * 1024
"""The most bytes of one request."""
MAX_EVENT_BYTES = 1024 * 1024
"""The most bytes of one event with its partition key."""
MAX_KEY_LENGTH = 256
BACK_OFF_SECONDS = 0.1
MAX_BACK_OFF_SECONDS = 2.0


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
    errors: list[Exception | None] = [None] * len(events)
    waiting = list(range(len(events)))
    broken: dict[tuple[str, str], Exception] = {}
    while waiting:
        request, waiting = _next_request(events, waiting)
        sendable = []
        for index in request:
            place = (events[index].stream, events[index].key)
            if place in broken:
                errors[index] = broken[place]
            else:
                sendable.append(index)
        for index, error in _send(events, sendable).items():
            errors[index] = error
            broken[(events[index].stream, events[index].key)] = error
    return errors


def _next_request(events: Sequence[Outgoing], waiting: list[int]) -> tuple[list[int], list[int]]:
    request: list[int] = []
    rest: list[int] = []
    keys: set[str] = set()
    size = 0
    stream = events[waiting[0]].stream
    for index in waiting:
        event = events[index]
        fits = len(request) < MAX_ENTRIES and size + _size(event) <= MAX_REQUEST_BYTES
        if event.stream == stream and event.key not in keys and fits:
            request.append(index)
            size += _size(event)
        else:
            rest.append(index)
        if event.stream == stream:
            keys.add(event.key)
    return request, rest


def _send(events: Sequence[Outgoing], request: list[int]) -> dict[int, Exception]:
    tries = aws.attempts()
    codes: dict[int, str] = {}
    for count in range(tries):
        if not request:
            return {}
        if count:
            # Full jitter, so that functions that were throttled together do not come back together.
            pause(random.uniform(0, min(MAX_BACK_OFF_SECONDS, BACK_OFF_SECONDS * 2**count)))
        try:
            answer = aws.client("kinesis").put_records(
                StreamName=os.environ[events[request[0]].stream],
                Records=[{"Data": events[index].data, "PartitionKey": events[index].key} for index in request],
            )
        except Exception as error:
            return dict.fromkeys(request, error)
        codes = {
            index: entry["ErrorCode"]
            for index, entry in zip(request, answer["Records"], strict=True)
            if entry.get("ErrorCode")
        }
        request = list(codes)
    return {index: TransientError(f"not published: {code}") for index, code in codes.items()}


def _size(event: Outgoing) -> int:
    return len(event.data) + len(event.key.encode())


def pause(seconds: float) -> None:
    """Wait."""
    time.sleep(seconds)
