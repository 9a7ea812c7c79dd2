"""`AWS::Kinesis::Stream` and `StreamConsumer` (AWS CloudFormation Template Reference: Amazon Kinesis)."""

from __future__ import annotations

from typing import Any

from cncb_compiler.local.cloudformation.resource import Clients, Held, Place, Properties, ResourceType
from cncb_compiler.local.cloudformation.resources import tags
from cncb_compiler.local.cloudformation.resources.calls import absent_is_deleted, call
from cncb_compiler.local.cloudformation.resources.declared import declared_part, only_declared
from cncb_compiler.local.cloudformation.resources.names import generated

DEFAULT_RETENTION_HOURS = 24
LONGEST_NAME = 128


def _create(clients: Clients, place: Place, properties: Properties) -> Held:
    client = clients("kinesis")
    name = properties.get("Name") or generated(place, LONGEST_NAME)
    request = declared_part(properties, ("ShardCount", "StreamModeDetails"))
    if "StreamModeDetails" not in properties:
        request.setdefault("ShardCount", 1)
    call(client, "create_stream", StreamName=name, Tags=tags.as_map(properties.get("Tags")), **request)
    _set_retention(client, name, {}, properties)
    _set_encryption(client, name, {}, properties)
    _set_metrics(client, name, {}, properties)
    arn = f"arn:aws:kinesis:{place.region}:{place.account}:stream/{name}"
    return Held(name, {"Arn": arn})


def _read(clients: Clients, held: Held, declared: Properties) -> dict[str, Any]:
    client = clients("kinesis")
    name = held.physical_id
    stream = client.describe_stream_summary(StreamName=name)["StreamDescriptionSummary"]
    found = {
        "Name": stream["StreamName"],
        "ShardCount": stream["OpenShardCount"],
        "RetentionPeriodHours": stream["RetentionPeriodHours"],
        "StreamModeDetails": stream["StreamModeDetails"],
        "DesiredShardLevelMetrics": stream["EnhancedMonitoring"][0]["ShardLevelMetrics"],
    }
    if stream.get("EncryptionType", "NONE") != "NONE":
        found["StreamEncryption"] = declared_part(stream, ("EncryptionType", "KeyId"))
    if "Tags" in declared:
        found["Tags"] = client.list_tags_for_stream(StreamName=name)["Tags"]
    return only_declared(found, declared)


def _update(clients: Clients, held: Held, old: Properties, new: Properties) -> Held:
    client = clients("kinesis")
    name = held.physical_id
    mode = new.get("StreamModeDetails", {"StreamMode": "PROVISIONED"})
    if mode != old.get("StreamModeDetails", {"StreamMode": "PROVISIONED"}):
        call(client, "update_stream_mode", StreamARN=held.attributes["Arn"], StreamModeDetails=mode)
    if "ShardCount" in new and new["ShardCount"] != old.get("ShardCount"):
        call(
            client,
            "update_shard_count",
            StreamName=name,
            TargetShardCount=int(new["ShardCount"]),
            ScalingType="UNIFORM_SCALING",
        )
    _set_retention(client, name, old, new)
    _set_encryption(client, name, old, new)
    _set_metrics(client, name, old, new)
    put, removed = tags.changes(old.get("Tags"), new.get("Tags"))
    if removed:
        client.remove_tags_from_stream(StreamName=name, TagKeys=removed)
    if put:
        client.add_tags_to_stream(StreamName=name, Tags=put)
    return held


def _delete(clients: Clients, held: Held, _properties: Properties) -> None:
    with absent_is_deleted("ResourceNotFoundException"):
        clients("kinesis").delete_stream(StreamName=held.physical_id, EnforceConsumerDeletion=True)


def _set_retention(client: Any, name: str, old: Properties, new: Properties) -> None:
    was = int(old.get("RetentionPeriodHours", DEFAULT_RETENTION_HOURS))
    now = int(new.get("RetentionPeriodHours", DEFAULT_RETENTION_HOURS))
    if now > was:
        call(client, "increase_stream_retention_period", StreamName=name, RetentionPeriodHours=now)
    elif now < was:
        client.decrease_stream_retention_period(StreamName=name, RetentionPeriodHours=now)


def _set_encryption(client: Any, name: str, old: Properties, new: Properties) -> None:
    was, now = old.get("StreamEncryption"), new.get("StreamEncryption")
    if now and now != was:
        call(client, "start_stream_encryption", StreamName=name, **now)
    elif was and not now:
        client.stop_stream_encryption(StreamName=name, **was)


def _set_metrics(client: Any, name: str, old: Properties, new: Properties) -> None:
    was, now = set(old.get("DesiredShardLevelMetrics", ())), set(new.get("DesiredShardLevelMetrics", ()))
    if was - now:
        client.disable_enhanced_monitoring(StreamName=name, ShardLevelMetrics=sorted(was - now))
    if now - was:
        client.enable_enhanced_monitoring(StreamName=name, ShardLevelMetrics=sorted(now - was))


def _create_consumer(clients: Clients, _place: Place, properties: Properties) -> Held:
    made = call(
        clients("kinesis"), "register_stream_consumer", **declared_part(properties, ("StreamARN", "ConsumerName"))
    )["Consumer"]
    attributes = {
        "ConsumerARN": made["ConsumerARN"],
        "ConsumerName": made["ConsumerName"],
        "ConsumerStatus": made["ConsumerStatus"],
        "ConsumerCreationTimestamp": str(int(made["ConsumerCreationTimestamp"].timestamp())),
        "StreamARN": properties["StreamARN"],
    }
    return Held(made["ConsumerARN"], attributes)


def _read_consumer(clients: Clients, held: Held, declared: Properties) -> dict[str, Any]:
    found = clients("kinesis").describe_stream_consumer(ConsumerARN=held.physical_id)["ConsumerDescription"]
    return only_declared(found, declared)


def _keep_consumer(_clients: Clients, held: Held, _old: Properties, _new: Properties) -> Held:
    return held


def _delete_consumer(clients: Clients, held: Held, _properties: Properties) -> None:
    with absent_is_deleted("ResourceNotFoundException"):
        clients("kinesis").deregister_stream_consumer(ConsumerARN=held.physical_id)


TYPES = (
    ResourceType(
        "AWS::Kinesis::Stream",
        frozenset(
            {
                "DesiredShardLevelMetrics",
                "Name",
                "RetentionPeriodHours",
                "ShardCount",
                "StreamEncryption",
                "StreamModeDetails",
                "Tags",
            }
        ),
        _create,
        _read,
        _update,
        _delete,
        create_only=frozenset({"Name"}),
        template_only={
            "MaxRecordSizeInKiB": "The endpoint takes records of at most 1 MiB, the default.",
            "WarmThroughputMiBps": "The endpoint limits no throughput.",
        },
    ),
    ResourceType(
        "AWS::Kinesis::StreamConsumer",
        frozenset({"ConsumerName", "StreamARN"}),
        _create_consumer,
        _read_consumer,
        _keep_consumer,
        _delete_consumer,
        create_only=frozenset({"ConsumerName", "StreamARN"}),
        template_only={"Tags": "The endpoint keeps no tags of consumers."},
    ),
)
"""The resource types of this module."""
