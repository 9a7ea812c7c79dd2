"""What moto's Kinesis does otherwise than Amazon Kinesis Data Streams (API reference), or slowly."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

LONGEST_PAGE = 10_000
_FIRST_NUMBER = 49 * 10**54
_SHARD_NUMBERS = 10**24
_SECOND_NUMBERS = 10**30


@cache
def mend() -> None:
    """Mend moto's Kinesis for the rest of this process."""
    from moto.kinesis.models import KinesisBackend, Shard, Stream
    from moto.kinesis.responses import KinesisResponse

    backend: Any = KinesisBackend
    shard: Any = Shard
    stream: Any = Stream
    handler: Any = KinesisResponse
    handler.create_stream = _with_tags(handler.create_stream)
    backend.get_shard_iterator = _by_arn_too(backend.get_shard_iterator)
    stream.__init__ = _with_number_base(stream.__init__)
    shard.put_record = _put_record
    shard.get_records = _get_records
    shard.get_min_sequence_number = _first_number
    shard.get_max_sequence_number = _last_number


def _with_tags(original: Callable[..., Any]) -> Callable[..., Any]:
    """CreateStream takes tags."""

    @wraps(original)
    def create_stream(response: Any) -> Any:
        made = original(response)
        if tags := response._get_param("Tags"):
            response.kinesis_backend.add_tags_to_stream(None, response._get_param("StreamName"), tags)
        return made

    return create_stream


def _by_arn_too(original: Callable[..., Any]) -> Callable[..., Any]:
    """A shard iterator knows its stream by name, also when it was asked for by ARN."""

    @wraps(original)
    def get_shard_iterator(backend: Any, stream_arn: str | None, stream_name: str | None, *given: Any) -> Any:
        stream = backend.describe_stream(stream_arn=stream_arn, stream_name=stream_name)
        return original(backend, stream_arn, stream.stream_name, *given)

    return get_shard_iterator


def _with_number_base(original: Callable[..., Any]) -> Callable[..., Any]:
    """Sequence numbers have 56 digits, and no two records of a stream have the same."""

    @wraps(original)
    def initialized(stream: Any, *given: Any, **named: Any) -> None:
        original(stream, *given, **named)
        second = int(stream.creation_datetime.timestamp())
        for shard in stream.shards.values():
            shard.number_base = _FIRST_NUMBER + second * _SECOND_NUMBERS + shard._shard_id * _SHARD_NUMBERS

    return initialized


def _base(shard: Any) -> int:
    """The number before a shard's first record. A shard that a split or merge made has its own, too."""
    base: int = getattr(shard, "number_base", _FIRST_NUMBER + shard._shard_id * _SHARD_NUMBERS)
    return base


def _put_record(shard: Any, partition_key: str, data: str, explicit_hash_key: str) -> str:
    from moto.kinesis.models import Record

    number = _last_number(shard) + 1
    shard.records[number] = Record(partition_key, data, number, explicit_hash_key)
    return str(number)


def _get_records(shard: Any, last_sequence_id: str, limit: int | None) -> tuple[list[Any], int, int]:
    """The records after a number, found by number: moto looks at every record of the shard from its first on."""
    after = max(int(last_sequence_id), _base(shard))
    until = min(after + min(limit or LONGEST_PAGE, LONGEST_PAGE), _last_number(shard))
    found = [shard.records[number] for number in range(after + 1, until + 1)]
    if not found:
        return [], int(last_sequence_id), 0
    behind = shard.records[_last_number(shard)].created_at - found[-1].created_at
    return found, until, int(behind * 1000)


def _first_number(shard: Any) -> int:
    return _base(shard) + 1


def _last_number(shard: Any) -> int:
    return _base(shard) + len(shard.records)
