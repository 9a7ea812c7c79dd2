"""AsyncAPI's channels and servers: streams, queues and buses, and where AWS has them."""

from __future__ import annotations

from typing import Any

from cncb_compiler.aws.naming import bus_name
from cncb_compiler.export.part import Part
from cncb_compiler.export.payload import FAULT
from cncb_compiler.graph.system import LinkedOutlet, LinkedStream, LinkedSystem

EXTENSION = "x-cncb"
"""The extension that holds what AsyncAPI has no place for."""

PROTOCOLS = {"stream": "kinesis", "queue": "sqs", "bus": "eventbridge"}
_HOSTS = {"stream": "kinesis", "queue": "sqs", "bus": "events"}
_BROKERS = {"stream": "Amazon Kinesis Data Streams", "queue": "Amazon SQS", "bus": "Amazon EventBridge"}

QUEUE_RETENTION = 345_600
"""Seconds that a message waits: SQS's default, which queues of cncb have."""


def servers(system: LinkedSystem, kinds: list[str]) -> dict[str, Any]:
    """The AWS endpoints of these kinds of channels, for each stage."""
    made: dict[str, Any] = {}
    stages = {name: list(stage.value.regions) for name, stage in system.declared.stages.items()}
    for kind in kinds:
        for stage, regions in sorted(stages.items()) or [("", [])]:
            region: dict[str, Any] = {"description": "The AWS region."}
            if regions:
                region |= {"enum": regions, "default": regions[0]}
            made[server_name(kind, stage)] = {
                "host": f"{_HOSTS[kind]}.{{region}}.amazonaws.com",
                "protocol": PROTOCOLS[kind],
                "description": f"{_BROKERS[kind]}, stage {stage}." if stage else f"{_BROKERS[kind]}.",
                "variables": {"region": region},
            }
    return made


def server_name(kind: str, stage: str) -> str:
    """The name of the server that has channels of a kind in a stage (empty: no stages are declared)."""
    return f"{stage}-{PROTOCOLS[kind]}" if stage else PROTOCOLS[kind]


def stream_channel(part: Part, stream: LinkedStream) -> dict[str, Any]:
    """A stream with the events of the part that travel on it. Its name is CloudFormation's, so there is no address."""
    system = part.system
    decl = stream.decl
    messages = [event.name for event in part.events if event.stream == stream.name]
    if part.has_faults(stream.name) and FAULT not in system.events:
        messages.append(FAULT)
    said: dict[str, Any] = {
        "stream": stream.name,
        "nameParameter": f"/{system.name}/{{stage}}/streams/{stream.name}/name",
        "partitionKey": "$message.payload#/partitionKey",
        "retention": decl.retention,
    }
    if decl.shards is not None:
        said["shards"] = decl.shards
    if decl.compress is not None:
        said["compress"] = decl.compress
    if decl.claim_check:
        said["claimCheck"] = True
    return {
        "address": None,
        "title": stream.name,
        **_described(_of_stream(stream)),
        **_servers(system, "stream"),
        "messages": {name: _message(name) for name in messages},
        EXTENSION: said,
    }


def outlet_channel(part: Part, outlet: LinkedOutlet, description: str) -> dict[str, Any]:
    """A queue or a bus with its message."""
    name = outlet_name(outlet)
    channel: dict[str, Any] = {
        "address": None,
        "title": outlet.name,
        **_described(description),
        **_servers(part.system, outlet.kind),
        "messages": {name: _message(name)},
    }
    if outlet.kind == "bus":
        service = outlet.construct.service
        stage: dict[str, Any] = {"description": "The stage of the system."}
        if part.system.declared.stages:
            stage["enum"] = sorted(part.system.declared.stages)
        address = bus_name(part.system.name, service, outlet.name, "{stage}")
        return {**channel, "address": address, "parameters": {"stage": stage}, EXTENSION: {"bus": outlet.name}}
    queue = {"name": outlet.name, "fifoQueue": outlet.ordered, "messageRetentionPeriod": QUEUE_RETENTION}
    bindings = {"sqs": {"queue": queue, "bindingVersion": "0.2.0"}}
    return {**channel, "bindings": bindings, EXTENSION: {"queue": outlet.name}}


def outlet_name(outlet: LinkedOutlet) -> str:
    """The name of a queue's or bus's channel and message: `carrier-gateway.pickups`."""
    return f"{outlet.construct.service}.{outlet.name}"


def _of_stream(stream: LinkedStream) -> str:
    said = [stream.decl.description]
    if stream.decl.compress is not None:
        said.append(
            f'A field whose JSON has more than {stream.decl.compress} bytes travels as `{{"gzip": "..."}}`, in base64.'
        )
    if stream.decl.claim_check:
        said.append(
            "An event that is larger than a stream takes is kept whole in a bucket; its envelope travels, with "
            "`claimCheck: {bucket, key}`."
        )
    return "\n\n".join(text for text in said if text)


def _servers(system: LinkedSystem, kind: str) -> dict[str, Any]:
    stages = sorted(system.declared.stages) or [""]
    return {"servers": [{"$ref": f"#/servers/{server_name(kind, stage)}"} for stage in stages]}


def _message(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/messages/{name}"}


def _described(description: str) -> dict[str, str]:
    return {"description": description} if description else {}
