"""AWS::Logs::LogGroup and AWS::Logs::LogStream (AWS CloudFormation Template Reference Guide: same titles)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cncb_compiler.local.cloudformation.resource import Clients, Held, Place, Properties, ResourceType
from cncb_compiler.local.cloudformation.resources import tags
from cncb_compiler.local.cloudformation.resources.calls import absent_is_deleted, call
from cncb_compiler.local.cloudformation.resources.names import generated
from cncb_compiler.local.cloudformation.resources.words import picked

_RETENTION = "RetentionInDays"
_PLAIN = ("LogGroupName", _RETENTION)
_STREAM = frozenset({"LogGroupName", "LogStreamName"})


def _create(clients: Clients, place: Place, properties: Properties) -> Held:
    client = clients("logs")
    name = properties.get("LogGroupName") or generated(place)
    labels = {"tags": tags.as_map(properties["Tags"])} if properties.get("Tags") else {}
    call(client, "create_log_group", logGroupName=name, **labels)
    if _RETENTION in properties:
        call(client, "put_retention_policy", logGroupName=name, retentionInDays=properties[_RETENTION])
    partition = client.meta.partition
    return Held(name, {"Arn": f"arn:{partition}:logs:{place.region}:{place.account}:log-group:{name}:*"})


def _read(clients: Clients, held: Held, properties: Properties) -> Mapping[str, Any]:
    client, name = clients("logs"), held.physical_id
    groups = client.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    group = next((each for each in groups if each["logGroupName"] == name), None)
    if group is None:
        return {}
    kept = picked(properties, {"LogGroupName": name, _RETENTION: group.get("retentionInDays")}, _PLAIN)
    if "Tags" in properties:
        arn = held.attributes["Arn"].removesuffix(":*")
        kept["Tags"] = tags.as_list(client.list_tags_for_resource(resourceArn=arn)["tags"])
    return kept


def _update(clients: Clients, held: Held, old: Properties, new: Properties) -> Held:
    client, name = clients("logs"), held.physical_id
    if _RETENTION in new and old.get(_RETENTION) != new[_RETENTION]:
        call(client, "put_retention_policy", logGroupName=name, retentionInDays=new[_RETENTION])
    elif _RETENTION in old and _RETENTION not in new:
        client.delete_retention_policy(logGroupName=name)
    arn = held.attributes["Arn"].removesuffix(":*")
    put, gone = tags.changes(old.get("Tags"), new.get("Tags"))
    if put:
        client.tag_resource(resourceArn=arn, tags=put)
    if gone:
        client.untag_resource(resourceArn=arn, tagKeys=gone)
    return held


def _delete(clients: Clients, held: Held, _properties: Properties) -> None:
    with absent_is_deleted("ResourceNotFoundException"):
        clients("logs").delete_log_group(logGroupName=held.physical_id)


def _create_stream(clients: Clients, place: Place, properties: Properties) -> Held:
    name = properties.get("LogStreamName") or generated(place)
    call(clients("logs"), "create_log_stream", logGroupName=properties["LogGroupName"], logStreamName=name)
    return Held(name)


def _read_stream(clients: Clients, held: Held, properties: Properties) -> Mapping[str, Any]:
    group = properties["LogGroupName"]
    found = clients("logs").describe_log_streams(logGroupName=group, logStreamNamePrefix=held.physical_id)
    if not any(each["logStreamName"] == held.physical_id for each in found["logStreams"]):
        return {}
    return picked(properties, {"LogGroupName": group, "LogStreamName": held.physical_id}, _STREAM)


def _update_stream(_clients: Clients, held: Held, _old: Properties, _new: Properties) -> Held:
    return held


def _delete_stream(clients: Clients, held: Held, properties: Properties) -> None:
    with absent_is_deleted("ResourceNotFoundException"):
        clients("logs").delete_log_stream(logGroupName=properties["LogGroupName"], logStreamName=held.physical_id)


TYPES = (
    ResourceType(
        name="AWS::Logs::LogGroup",
        properties=frozenset({*_PLAIN, "Tags"}),
        create=_create,
        read=_read,
        update=_update,
        delete=_delete,
        create_only=frozenset({"LogGroupName"}),
        template_only={
            "DataProtectionPolicy": "log events on this machine are not masked",
            "KmsKeyId": "log events on this machine are not encrypted",
            "LogGroupClass": "there is one class of log groups on this machine",
        },
    ),
    ResourceType(
        name="AWS::Logs::LogStream",
        properties=_STREAM,
        create=_create_stream,
        read=_read_stream,
        update=_update_stream,
        delete=_delete_stream,
        create_only=_STREAM,
    ),
)
