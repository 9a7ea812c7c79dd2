"""Putting an event on its stream (Amazon Kinesis Data Streams API: PutRecord)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cncb_compiler.runtime import jsons
from cncb_compiler.target.problems import translated
from cncb_compiler.target.target import Target
from cncb_compiler.trace.places import Places


@dataclass(frozen=True, slots=True)
class Published:
    """An event that was put, and where: `stream` as declared, `name` its physical name."""

    event: Mapping[str, Any]
    stream: str
    name: str
    shard: str
    sequence: str


def publish(target: Target, system: str, stream: str, event: Mapping[str, Any]) -> Published:
    """Put a whole event on a stream of a system. Raises Problem."""
    name = Places(target, system).stream(stream)
    with translated(f"publishing on {name}"):
        answer = target.client("kinesis").put_record(
            StreamName=name, PartitionKey=event["partitionKey"], Data=jsons.dumps(event).encode()
        )
    return Published(event, stream, name, answer["ShardId"], answer["SequenceNumber"])


def to_text(published: Published) -> str:
    """What was put and where, for people."""
    event = published.event
    return "\n".join(
        (
            f"{event['type']}  {event['id']}",
            f"  stream    {published.stream} ({published.name})",
            f"  shard     {published.shard}",
            f"  sequence  {published.sequence}",
            f"  key       {event['partitionKey']}",
            f"  event     {jsons.dumps(event)}",
        )
    )


def to_json(published: Published) -> dict[str, Any]:
    """What was put and where, as JSON."""
    return {
        "id": published.event["id"],
        "stream": published.stream,
        "streamName": published.name,
        "shardId": published.shard,
        "sequenceNumber": published.sequence,
        "event": jsons.without_decimals(published.event),
    }
