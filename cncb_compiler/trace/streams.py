"""Reading the events that streams still hold (Amazon Kinesis Data Streams API: GetShardIterator, GetRecords)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from cncb_compiler.runtime import jsons
from cncb_compiler.target.problems import translated
from cncb_compiler.target.target import Target
from cncb_compiler.trace.facts import Arrived

PAUSE_SECONDS = 0.2
"""Between two reads of a shard of AWS, which allows five a second. A local endpoint is asked without."""
BATCH = 10_000


@dataclass(frozen=True, slots=True)
class Held:
    """What streams hold: the events by id, and since when (seconds since the epoch; None: nothing at all)."""

    events: dict[str, Arrived]
    since: float | None


def held(target: Target, streams: dict[str, str]) -> Held:
    """Everything that streams, given as physical names by declared ones, hold at this moment."""
    events: dict[str, Arrived] = {}
    since: float | None = None
    for stream, name in streams.items():
        with translated(f"reading the stream {name}"):
            for shard, record in _records(target, name):
                arrived = record["ApproximateArrivalTimestamp"].timestamp()
                since = arrived if since is None else min(since, arrived)
                event = _event(record["Data"])
                if event is not None:
                    _add(events, Arrived(event, stream, shard, record["SequenceNumber"], arrived))
    return Held(events, since)


def _add(events: dict[str, Arrived], one: Arrived) -> None:
    """Keep the first arrival of an event, and count them."""
    known = events.get(one.id)
    if known is None:
        events[one.id] = one
    else:
        first = min(known, one, key=lambda each: (each.arrived, each.sequence))
        events[one.id] = replace(first, times=known.times + 1)


def _event(data: bytes) -> dict[str, Any] | None:
    try:
        event = jsons.loads(data)
    except (ValueError, RecursionError):
        return None
    return event if isinstance(event, dict) and isinstance(event.get("id"), str) else None


def _records(target: Target, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    client = target.client("kinesis")
    for page in client.get_paginator("list_shards").paginate(StreamName=name):
        for shard in page["Shards"]:
            for record in _of_shard(target, name, shard["ShardId"]):
                yield shard["ShardId"], record


def _of_shard(target: Target, name: str, shard: str) -> Iterator[dict[str, Any]]:
    """A shard from its beginning to where it ends now: a closed one has no further iterator."""
    client = target.client("kinesis")
    began = time.time()
    iterator = client.get_shard_iterator(StreamName=name, ShardId=shard, ShardIteratorType="TRIM_HORIZON")
    at = iterator["ShardIterator"]
    while at is not None:
        answer = client.get_records(ShardIterator=at, Limit=BATCH)
        yield from answer["Records"]
        at = answer.get("NextShardIterator")
        behind = answer.get("MillisBehindLatest", 0)
        newest = answer["Records"][-1]["ApproximateArrivalTimestamp"].timestamp() if answer["Records"] else 0.0
        if behind == 0 or newest > began:
            return
        if not target.local:
            time.sleep(PAUSE_SECONDS)
