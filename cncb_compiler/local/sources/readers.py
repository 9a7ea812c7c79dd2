"""Reading streams through their own APIs.

Source: Amazon Kinesis Data Streams API Reference and Amazon DynamoDB Streams API Reference, GetShardIterator and
GetRecords.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from cncb_compiler.local.sources import events
from cncb_compiler.local.sources.records import Record

KINESIS_LIMIT, DYNAMODB_LIMIT = 10_000, 1000
"""The most records that one GetRecords answers with."""


class _Iterators:
    """The shard iterators of a stream. One that fails is forgotten; the next read asks for another."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str | None], str] = {}

    def take(self, shard: str, after: str | None) -> str | None:
        """The iterator of a shard after a sequence number, if there is one. It is given once."""
        return self._known.pop((shard, after), None)

    def keep(self, shard: str, after: str | None, iterator: str | None) -> None:
        """Keep the iterator for the next read. A closed shard has none: reading asks for it again and finds nothing."""
        if iterator:
            self._known[shard, after] = iterator


class KinesisSource:
    """A Kinesis data stream, by its name."""

    def __init__(self, client: Any, arn: str) -> None:
        self._client = client
        self._arn = arn
        self._name = arn.split("/")[1]
        self._iterators = _Iterators()

    def identity(self) -> str:
        """When it was made."""
        told = self._client.describe_stream_summary(StreamName=self._name)["StreamDescriptionSummary"]
        return str(told["StreamCreationTimestamp"])

    def shards(self) -> list[str]:
        """The ids of its shards, which Kinesis numbers in the order of their making."""
        pages = self._client.get_paginator("list_shards").paginate(StreamName=self._name)
        return sorted(shard["ShardId"] for page in pages for shard in page["Shards"])

    def read(self, shard: str, after: str | None) -> tuple[tuple[Record, ...], bool]:
        """The next records of a shard, and whether there are more behind them."""
        iterator = self._iterators.take(shard, after) or self._iterator(shard, after)
        answer = self._client.get_records(ShardIterator=iterator, Limit=KINESIS_LIMIT)
        found = tuple(events.kinesis_record(one, shard, self._arn) for one in answer["Records"])
        following = answer.get("NextShardIterator")
        self._iterators.keep(shard, found[-1].sequence if found else after, following)
        return found, bool(following and answer.get("MillisBehindLatest"))

    def _iterator(self, shard: str, after: str | None) -> str:
        position = {"ShardIteratorType": "TRIM_HORIZON"}
        if after is not None:
            position = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "StartingSequenceNumber": after}
        answer = self._client.get_shard_iterator(StreamName=self._name, ShardId=shard, **position)
        return str(answer["ShardIterator"])


class Expired:
    """The items whose next removal is the work of time to live."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys: set[tuple[str, str]] = set()

    def mark(self, table: str, key: Mapping[str, Any]) -> None:
        """Mark an item by its key, in DynamoDB's JSON."""
        with self._lock:
            self._keys.add((table, events.canonical(key)))

    def take(self, table: str, change: Mapping[str, Any]) -> bool:
        """Whether a change is such a removal; it is the only one."""
        marked = table, events.canonical(change["dynamodb"]["Keys"])
        with self._lock:
            if change["eventName"] != "REMOVE" or marked not in self._keys:
                return False
            self._keys.discard(marked)
            return True


class DynamoDBSource:
    """A DynamoDB stream, by its ARN."""

    def __init__(self, client: Any, arn: str, expired: Expired) -> None:
        self._client = client
        self._arn = arn
        self._table = arn.split("/")[1]
        self._expired = expired
        self._iterators = _Iterators()

    def identity(self) -> str:
        """Its ARN: it has the time of its making."""
        return self._arn

    def shards(self) -> list[str]:
        """The ids of its shards, parents first."""
        told = self._client.describe_stream(StreamArn=self._arn)["StreamDescription"]
        return [shard["ShardId"] for shard in told["Shards"]]

    def read(self, shard: str, after: str | None) -> tuple[tuple[Record, ...], bool]:
        """The next records of a shard. A write that changed nothing is left out where the images show it."""
        iterator = self._iterators.take(shard, after) or self._iterator(shard, after)
        answer = self._client.get_records(ShardIterator=iterator, Limit=DYNAMODB_LIMIT)
        changes = [one for one in answer["Records"] if not _unchanged(one["dynamodb"])]
        found = tuple(events.dynamodb_record(one, self._arn, self._expired.take(self._table, one)) for one in changes)
        following = answer.get("NextShardIterator")
        self._iterators.keep(shard, found[-1].sequence if found else after, following)
        return found, bool(following) and len(answer["Records"]) == DYNAMODB_LIMIT

    def _iterator(self, shard: str, after: str | None) -> str:
        position = {"ShardIteratorType": "TRIM_HORIZON"}
        if after is not None:
            position = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": after}
        answer = self._client.get_shard_iterator(StreamArn=self._arn, ShardId=shard, **position)
        return str(answer["ShardIterator"])


def _unchanged(change: Mapping[str, Any]) -> bool:
    """Whether DynamoDB itself would have written no record: a write that leaves the item as it was."""
    return "NewImage" in change and change.get("NewImage") == change.get("OldImage")
