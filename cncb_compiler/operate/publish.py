"""Putting an event on its stream, as it travels there (Amazon Kinesis Data Streams API: PutRecord)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cncb_compiler.graph.link import EVENT_HUB
from cncb_compiler.graph.system import LinkedSystem
from cncb_compiler.patterns.claims import kept_under
from cncb_compiler.plan.assets import CLAIMS
from cncb_compiler.runtime import jsons
from cncb_compiler.runtime.packing import EVENTS, Packing
from cncb_compiler.runtime.stream import outgoing
from cncb_compiler.target.problems import Problem, translated
from cncb_compiler.target.target import Target
from cncb_compiler.trace.places import Places


@dataclass(frozen=True, slots=True)
class Published:
    """An event as it was put, and where: `stream` as declared, `name` its physical name."""

    event: Mapping[str, Any]
    stream: str
    name: str
    shard: str
    sequence: str


def publish(target: Target, system: LinkedSystem, event: Mapping[str, Any]) -> Published:
    """Put a whole event on the stream of its type, packed as a function of the system would. Raises Problem."""
    stream = system.events[event["type"]].stream
    decl = system.streams[stream].decl
    places = Places(target, system.name)
    name = places.stream(stream)

    def keep(whole: Mapping[str, Any]) -> dict[str, str]:
        hub = next(service.name for service in system.services.values() if service.decl.kind == EVENT_HUB)
        bucket = places.physical(hub, CLAIMS)
        if bucket is None:
            raise Problem(
                f"{hub} has no claim-check bucket in stage `{target.stage}`.", "Deploy it with `cncb deploy`."
            )
        # Where those who hear of the event may read.
        prefix = next(iter(kept_under(system, whole["type"])), EVENTS)
        key = f"{prefix}/{whole['id']}"
        body = jsons.dumps(whole).encode()
        target.client("s3").put_object(Bucket=bucket, Key=key, Body=body, ContentType="application/json")
        return {"bucket": bucket, "key": key}

    with translated(f"publishing on {name}"):
        travelling = Packing(decl.compress, decl.claim_check)(event, keep)
        try:
            made = outgoing(name, travelling)
        except ValueError as error:
            raise Problem(f"{error}.", f"Say `claimCheck: true` of the stream `{stream}`.") from None
        answer = target.client("kinesis").put_record(StreamName=name, PartitionKey=made.key, Data=made.data)
    return Published(travelling, stream, name, answer["ShardId"], answer["SequenceNumber"])


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
