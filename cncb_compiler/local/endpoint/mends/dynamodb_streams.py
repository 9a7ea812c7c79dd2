"""What moto's streams of tables do otherwise than Amazon DynamoDB Streams (developer guide, API reference)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

LONGEST_PAGE = 1_000


def mend() -> None:
    """Mend moto's streams of tables for the rest of this process; part of the mends of DynamoDB."""
    from moto.dynamodb.models.table import StreamRecord, StreamShard, Table
    from moto.dynamodbstreams.models import DynamoDBStreamsBackend

    record: Any = StreamRecord
    shard: Any = StreamShard
    table: Any = Table
    backend: Any = DynamoDBStreamsBackend
    record.__init__ = _in_its_region(record.__init__)
    shard.add = _only_changes(shard.add)
    table.set_stream_specification = _ended(table.set_stream_specification)
    backend._get_table_from_arn = _only_current(backend._get_table_from_arn)
    backend.get_shard_iterator = _get_shard_iterator
    backend.get_records = _get_records


def _in_its_region(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def initialized(record: Any, table: Any, *given: Any, **named: Any) -> None:
        original(record, table, *given, **named)
        record.record |= {"eventVersion": "1.1", "awsRegion": table.region_name}

    return initialized


def _only_changes(original: Callable[..., Any]) -> Callable[..., Any]:
    """A write that changes nothing is no record (Change data capture for DynamoDB Streams)."""

    @wraps(original)
    def add(shard: Any, old: Any, new: Any) -> None:
        if old is None or new is None or _content(old.attrs) != _content(new.attrs):
            original(shard, old, new)

    return add


def _content(value: Any) -> Any:
    """What is the same for the same attribute values: a set has no order, and a number many ways to be written."""
    if isinstance(value, dict):
        return {key: _content(part) for key, part in value.items()}
    if value.is_map() or value.is_list():
        parts = value.value
        return (value.type, _content(parts) if value.is_map() else [_content(part) for part in parts])
    return (value.type, value.cast_value)


def _ended(original: Callable[..., Any]) -> Callable[..., Any]:
    """A stream that is switched off takes no more records, and a table may then be given another."""

    @wraps(original)
    def set_stream_specification(table: Any, streams: dict[str, Any] | None) -> None:
        table.latest_stream_label = None
        table.stream_shard = None
        original(table, streams)

    return set_stream_specification


def _only_current(original: Callable[..., Any]) -> Callable[..., Any]:
    """The ARN of a stream that is no more, of a table made again since, names nothing."""

    @wraps(original)
    def get_table_from_arn(backend: Any, arn: str) -> Any:
        from moto.dynamodb.exceptions import ResourceNotFoundException

        table = original(backend, arn)
        if table.latest_stream_label != arn.rpartition("/stream/")[2]:
            raise ResourceNotFoundException(f"Requested resource not found: Stream: {arn} not found")
        return table

    return get_table_from_arn


def _get_shard_iterator(
    backend: Any, arn: str, _shard_id: str, shard_iterator_type: str, sequence_number: int | None = None
) -> Any:
    shard = backend._get_table_from_arn(arn).stream_shard
    first = shard.starting_sequence_number
    match shard_iterator_type:
        case "LATEST":
            at = first + len(shard.items)
        case "AT_SEQUENCE_NUMBER":
            at = sequence_number or first
        case "AFTER_SEQUENCE_NUMBER":
            at = (sequence_number or first) + 1
        case _:
            at = first
    return _Iterator(arn, at)


def _get_records(backend: Any, iterator_arn: str, limit: int) -> dict[str, Any]:
    """Records from an iterator that says itself where it is: moto keeps each iterator that it ever gave."""
    iterator = _Iterator.read(iterator_arn)
    shard = backend._get_table_from_arn(iterator.stream).stream_shard
    records = shard.get(iterator.at, min(limit, LONGEST_PAGE))
    return {"NextShardIterator": _Iterator(iterator.stream, iterator.at + len(records)).arn, "Records": records}


class _Iterator:
    """A place in a table's stream: the sequence number of the next record."""

    def __init__(self, stream: str, at: int) -> None:
        self.stream = stream
        self.at = at

    @property
    def arn(self) -> str:
        """The iterator as clients hold it."""
        return f"{self.stream}|1|{self.at}"

    @classmethod
    def read(cls, arn: str) -> _Iterator:
        """The iterator that a client sent."""
        stream, _, at = arn.split("|")
        return cls(stream, int(at))
