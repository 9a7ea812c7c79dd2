"""Events that are large: long fields travel compressed, and what is still too large is claimed at a bucket.

The envelope stays in clear, so that event source filters see it. A field is compressed as `{"gzip": base64}`; one that
looks so by itself is compressed too, so that it comes back as it was. An event that is larger than its stream takes is
kept whole at `events/<service>/<event id>`, for ever, and its envelope travels with `claimCheck` (Enterprise
Integration Patterns: Claim Check).
"""

from __future__ import annotations

import os
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from . import aws, jsons
from .errors import PoisonError, code_of
from .stream import MAX_EVENT_BYTES
from .stream_records import from_stream
from .unit import UnitOfWork

CLAIMS = "EVENT_CLAIMS"
"""The environment variable that names the claim-check bucket."""
EVENTS = "events"
"""The prefix of events in the claim-check bucket."""
CLAIM = "claimCheck"
GZIP = "gzip"
ENVELOPE = ("id", "type", "timestamp", "partitionKey", "tags")
MOST_BYTES = 64 * 1024 * 1024
"""The most that a compressed field may hold: a function's memory is small."""
_ABSENT = ("404", "NoSuchKey", "NotFound")


class Packing(NamedTuple):
    """How a stream's events travel: fields of more than `compress` bytes compressed, large events claimed."""

    compress: int | None = None
    claim: bool = False

    def __call__(
        self, event: Mapping[str, Any], keep: Callable[[Mapping[str, Any]], dict[str, str]] | None = None
    ) -> dict[str, Any]:
        """The whole event as it travels. Where it has to, `keep` puts it into the bucket, and says where it is."""
        packed = dict(event)
        if self.compress is not None:
            packed = {
                name: value if name in ENVELOPE else _compressed(value, self.compress) for name, value in event.items()
            }
        if (
            self.claim
            and len(jsons.dumps(packed).encode()) + len(str(event["partitionKey"]).encode()) > MAX_EVENT_BYTES
        ):
            return {**{name: event[name] for name in ENVELOPE}, CLAIM: (keep or _kept)(event)}
        return packed


def from_packed(unit: UnitOfWork) -> Iterator[UnitOfWork]:
    """Decode the event in a stream record, as it was before it was packed."""
    for made in from_stream(unit):
        yield made.decoded(unpacked(made.event), made.trigger)


def unpacked(event: dict[str, Any], fetch: Callable[[str], bytes] | None = None) -> dict[str, Any]:
    """The event as it was; `fetch` gives what is claimed, by its key. Raises PoisonError where it cannot be had."""
    if event.keys() == {*ENVELOPE, CLAIM} and isinstance(event[CLAIM], dict):
        return _redeemed(event[CLAIM], fetch or _fetched)
    return {name: _restored(value) for name, value in event.items()}


def _compressed(value: Any, over: int) -> Any:
    text = jsons.dumps(value).encode()
    if len(text) <= over and not _is_compressed(value):
        return value
    # Without a time in it, the same event is the same bytes.
    packer = zlib.compressobj(wbits=31)
    return {GZIP: b64encode(packer.compress(text) + packer.flush()).decode()}


def _is_compressed(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {GZIP}


def _restored(value: Any) -> Any:
    if not _is_compressed(value):
        return value
    try:
        unpacker = zlib.decompressobj(wbits=31)
        text = unpacker.decompress(b64decode(value[GZIP], validate=True), MOST_BYTES)
        if unpacker.unconsumed_tail:
            raise PoisonError(f"a field holds more than {MOST_BYTES} bytes")
        return jsons.loads(text)
    except (TypeError, ValueError, zlib.error, RecursionError) as error:
        raise PoisonError(f"a compressed field cannot be read: {error}") from error


def _kept(event: Mapping[str, Any]) -> dict[str, str]:
    bucket = os.environ[CLAIMS]
    key = f"{EVENTS}/{os.environ.get('SERVICE', '')}/{event['id']}"
    body = jsons.dumps(event).encode()
    aws.client("s3").put_object(Bucket=bucket, Key=key, Body=body, ContentType="application/json")
    return {"bucket": bucket, "key": key}


def _redeemed(claim: Mapping[str, Any], fetch: Callable[[str], bytes]) -> dict[str, Any]:
    key = str(claim.get("key", ""))
    if not key.startswith(f"{EVENTS}/"):
        raise PoisonError("the claim names no event")
    event = jsons.loads(fetch(key))
    if not isinstance(event, dict):
        raise PoisonError(f"no event is kept at {key}")
    return event


def _fetched(key: str) -> bytes:
    """What is kept in the system's own bucket, whatever bucket a claim names."""
    try:
        answer = aws.client("s3").get_object(Bucket=os.environ[CLAIMS], Key=key)
    except Exception as error:
        if code_of(error) in _ABSENT:
            raise PoisonError(f"nothing is kept at {key}") from error
        raise
    content: bytes = answer["Body"].read()
    return content
