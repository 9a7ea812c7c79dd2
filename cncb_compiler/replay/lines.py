"""Lines of the lake: what each holds, and the stream's record that it was (docs/design/processing.md: The lake)."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from typing import Any, NamedTuple


class UnreadableError(ValueError):
    """A line is none of the lake's."""


class Line(NamedTuple):
    """One record as the lake keeps it. `data` is the very bytes that were put; `arrival` is in milliseconds.

    `type` is that of the event; None where the data is no event.
    """

    stream: str
    shard: str
    sequence: str
    partition_key: str
    arrival: int
    region: str
    type: str | None
    data: bytes

    @property
    def event_id(self) -> str:
        """What Lambda calls the record."""
        return f"{self.shard}:{self.sequence}"


class Source(NamedTuple):
    """What a record says about where it comes from: the stream's ARN, and the role that reads it."""

    stream_arn: str
    role_arn: str


def parsed(raw: bytes) -> Line:
    """A line of the lake. Raises UnreadableError.

    The text of `event` is taken as it stands: parsed and written again, it would have other bytes.
    """
    try:
        values, texts = _members(raw.decode())
        event = values.get("event")
        data = b64decode(values["data"], validate=True) if "data" in values else texts["event"].encode()
        kind = event.get("type") if isinstance(event, dict) else None
        return Line(
            stream=_text(values["stream"]),
            shard=_text(values["shardId"]),
            sequence=_text(values["sequenceNumber"]),
            partition_key=_text(values["partitionKey"]),
            arrival=int(values["arrival"]),
            region=_text(values["region"]),
            type=kind if isinstance(kind, str) else None,
            data=data,
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UnreadableError(f"no line of a lake: {type(error).__name__}: {error}") from None


def record(line: Line, source: Source) -> dict[str, Any]:
    """The record as Lambda hands it to a function (AWS Lambda: Using Lambda with Kinesis, example event)."""
    return {
        "kinesis": {
            "kinesisSchemaVersion": "1.0",
            "partitionKey": line.partition_key,
            "sequenceNumber": line.sequence,
            "data": b64encode(line.data).decode(),
            "approximateArrivalTimestamp": line.arrival / 1000,
        },
        "eventSource": "aws:kinesis",
        "eventVersion": "1.0",
        "eventID": line.event_id,
        "eventName": "aws:kinesis:record",
        "invokeIdentityArn": source.role_arn,
        "awsRegion": line.region,
        "eventSourceARN": source.stream_arn,
    }


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


_SCAN = json.JSONDecoder().raw_decode
_SPACE = " \t\r\n"


def _members(text: str) -> tuple[dict[str, Any], dict[str, str]]:
    """The members of the JSON object that a text is: their values, and their values' own texts, spaces and all."""
    values: dict[str, Any] = {}
    texts: dict[str, str] = {}
    at = _after(text, 0, "{")
    while True:
        name, at = _SCAN(text, at)
        begin = _after(text, at, ":")
        values[name], end = _SCAN(text, begin)
        colon, at = text.index(":", at), _skipped(text, end)
        texts[name] = text[colon + 1 : at]
        if text[at : at + 1] == "}":
            return values, texts
        at = _after(text, at, ",")


def _after(text: str, at: int, mark: str) -> int:
    """Where the next value begins, behind a mark."""
    at = _skipped(text, at)
    if text[at : at + 1] != mark:
        raise ValueError(f"{mark} is missing")
    return _skipped(text, at + 1)


def _skipped(text: str, at: int) -> int:
    while text[at : at + 1] in _SPACE and at < len(text):
        at += 1
    return at
