"""Reading the lake: its objects page by page in the order of their keys, each unzipped as it streams, line by line.

Memory holds a page of keys, and of one object a chunk and a line.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any, NamedTuple

from .patience import Patience, is_passing

CHUNK = 256 * 1024
GZIP = 31
"""zlib's window bits for a gzip header."""
LONGEST_LINE = 64 * 1024 * 1024
"""More bytes without a line's end are no line of a lake: a record has 10 MB at most (Amazon Kinesis: Quotas)."""
ERRORS = "errors/"
"""Where Firehose puts what it could not deliver."""
LATE_HOURS = 24
"""How long after its hour a record may lie in an object: Firehose names it by its oldest record, and may lag a day."""

_STREAM = re.compile(r"[^/]+/")
_HOUR = re.compile(r"(\d{4})/(\d\d)/(\d\d)/(\d\d)/")


class Object(NamedTuple):
    """An object of the lake; `size` is in bytes, as stored."""

    key: str
    size: int


class Position(NamedTuple):
    """How far a replay has come: all objects before `key`, and the first `line` lines of it."""

    key: str = ""
    line: int = 0


START = Position()


class Lake:
    """A bucket of the lake, as an S3 client reads it."""

    def __init__(self, s3: Any, bucket: str, patience: Patience) -> None:
        self._s3 = s3
        self.bucket = bucket
        self._patience = patience

    def objects(
        self, prefixes: Sequence[str], at: Position = START, since: int | None = None, until: int | None = None
    ) -> Iterator[Object]:
        """The objects under prefixes that may hold what arrived in that time (milliseconds), from a position on.

        They come in the order of their keys. No prefix is a part of another.
        """
        first = None if since is None else _hour(since) - timedelta(hours=LATE_HOURS)
        last = None if until is None else _hour(until)
        for prefix in sorted(prefixes):
            if prefix >= at.key or at.key.startswith(prefix):
                yield from self._under(prefix, at, first, last)

    def _under(self, prefix: str, at: Position, first: datetime | None, last: datetime | None) -> Iterator[Object]:
        start, token = at.key[:-1], ""
        if first is not None and _STREAM.fullmatch(prefix):
            start = max(start, prefix + first.strftime("%Y/%m/%d/%H"))
        while True:
            more = {"ContinuationToken": token} if token else {"StartAfter": start} if start else {}
            page = self._patience.ask(partial(self._s3.list_objects_v2, Bucket=self.bucket, Prefix=prefix, **more))
            for one in page.get("Contents", ()):
                # Asked for is what sorts behind a part of the position's key.
                if one["Key"] >= at.key and not one["Key"].startswith(ERRORS) and _within(one["Key"], first, last):
                    yield Object(one["Key"], one["Size"])
            if not page.get("IsTruncated"):
                return
            token = page["NextContinuationToken"]

    def lines(self, key: str, skip: int = 0) -> Iterator[bytes]:
        """The lines of an object without their ends, but for the first `skip`; broken connections are made again."""
        done, tried = skip, 0
        while True:
            try:
                for line in self._lines(key, done):
                    done, tried = done + 1, 0
                    yield line
                return
            except Exception as error:
                tried += 1
                if not is_passing(error) or tried >= self._patience.attempts:
                    raise
                self._patience.refused += 1
                self._patience.pause(tried)

    def _lines(self, key: str, skip: int) -> Iterator[bytes]:
        body = self._patience.ask(lambda: self._s3.get_object(Bucket=self.bucket, Key=key))["Body"]
        try:
            yield from islice(split(unzipped(_chunks(body))), skip, None)
        finally:
            body.close()


def _chunks(body: Any) -> Iterator[bytes]:
    while chunk := body.read(CHUNK):
        yield chunk


def unzipped(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """What gzip members one behind the other hold, in pieces; what is not zipped, as it stands."""
    first = next(chunks, b"")
    while 0 < len(first) < 2 and (more := next(chunks, b"")):
        first += more
    if first[:2] != b"\x1f\x8b":
        yield first
        yield from chunks
        return
    member = zlib.decompressobj(GZIP)
    rest = first
    while True:
        if not rest:
            rest = next(chunks, b"")
            if not rest:
                break
        if member.eof:
            member = zlib.decompressobj(GZIP)
        # Bounded: a chunk of zeros would else unfold to a thousand times its size.
        yield member.decompress(rest, CHUNK)
        rest = member.unconsumed_tail or member.unused_data
    yield member.flush()
    if not member.eof:
        raise ValueError("the object ends in the midst of its zip")


def split(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The lines in pieces of a text; empty ones count."""
    held: list[bytes] = []
    length = 0
    for piece in pieces:
        *whole, rest = piece.split(b"\n")
        for line in whole:
            yield b"".join([*held, line])
            held, length = [], 0
        held.append(rest)
        length += len(rest)
        if length > LONGEST_LINE:
            raise ValueError(f"a line is longer than {LONGEST_LINE} bytes")
    if last := b"".join(held):
        yield last


def hour_of(key: str) -> datetime | None:
    """The hour that the key of an object names."""
    found = _HOUR.search(key)
    if found is None:
        return None
    try:
        year, month, day, hour = map(int, found.groups())
        return datetime(year, month, day, hour, tzinfo=UTC)
    except ValueError:
        return None


def _within(key: str, first: datetime | None, last: datetime | None) -> bool:
    hour = hour_of(key)
    return hour is None or ((first is None or hour >= first) and (last is None or hour <= last))


def _hour(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds // 1000, UTC).replace(minute=0, second=0)
