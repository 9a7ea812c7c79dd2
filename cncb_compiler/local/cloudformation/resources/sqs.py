"""AWS::SQS::Queue and AWS::SQS::QueuePolicy (AWS CloudFormation Template Reference Guide: same titles)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cncb_compiler.local.cloudformation.resource import Clients, Held, Place, Properties, ResourceType
from cncb_compiler.local.cloudformation.resources import tags
from cncb_compiler.local.cloudformation.resources.calls import absent_is_deleted, call
from cncb_compiler.local.cloudformation.resources.names import generated
from cncb_compiler.local.cloudformation.resources.words import document, picked, text

_LONGEST_NAME = 80
_FIFO_SUFFIX = ".fifo"
_DEFAULTS: Mapping[str, Any] = {
    "ContentBasedDeduplication": False,
    "DeduplicationScope": "queue",
    "DelaySeconds": 0,
    "FifoThroughputLimit": "perQueue",
    "KmsDataKeyReusePeriodSeconds": 300,
    "KmsMasterKeyId": "",
    "MaximumMessageSize": 1048576,
    "MessageRetentionPeriod": 345600,
    "ReceiveMessageWaitTimeSeconds": 0,
    "RedrivePolicy": {},
    "SqsManagedSseEnabled": True,
    "VisibilityTimeout": 30,
}
_GONE = ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")


def _attributes(properties: Properties) -> dict[str, Any]:
    given = {key: properties[key] for key in [*_DEFAULTS, "FifoQueue"] if key in properties}
    if "RedrivePolicy" in given:
        given["RedrivePolicy"] = text(given["RedrivePolicy"])
    return given


def _create_queue(clients: Clients, place: Place, properties: Properties) -> Held:
    client = clients("sqs")
    suffix = _FIFO_SUFFIX if str(properties.get("FifoQueue")).lower() == "true" else ""
    name = properties.get("QueueName") or generated(place, _LONGEST_NAME - len(suffix)) + suffix
    attributes = _attributes(properties)
    url = call(client, "create_queue", QueueName=name, Attributes=attributes, tags=tags.as_map(properties.get("Tags")))[
        "QueueUrl"
    ]
    arn = client.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    return Held(url, {"Arn": arn, "QueueName": name, "QueueUrl": url})


def _read_queue(clients: Clients, held: Held, properties: Properties) -> Mapping[str, Any]:
    client, url = clients("sqs"), held.physical_id
    found = client.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    kept = picked(properties, found, [*_DEFAULTS, "FifoQueue"])
    if "RedrivePolicy" in properties:
        kept["RedrivePolicy"] = document(properties["RedrivePolicy"], found.get("RedrivePolicy"))
    if "QueueName" in properties:
        kept["QueueName"] = found["QueueArn"].rsplit(":", 1)[-1]
    if "Tags" in properties:
        kept["Tags"] = tags.as_list(client.list_queue_tags(QueueUrl=url).get("Tags"))
    return kept


def _update_queue(clients: Clients, held: Held, old: Properties, new: Properties) -> Held:
    client, url = clients("sqs"), held.physical_id
    changed = {key: new.get(key, default) for key, default in _DEFAULTS.items() if old.get(key) != new.get(key)}
    if changed:
        call(client, "set_queue_attributes", QueueUrl=url, Attributes=_attributes(changed))
    put, gone = tags.changes(old.get("Tags"), new.get("Tags"))
    if put:
        client.tag_queue(QueueUrl=url, Tags=put)
    if gone:
        client.untag_queue(QueueUrl=url, TagKeys=gone)
    return held


def _delete_queue(clients: Clients, held: Held, _properties: Properties) -> None:
    with absent_is_deleted(*_GONE):
        clients("sqs").delete_queue(QueueUrl=held.physical_id)


def _put_policy(clients: Clients, queues: list[str], policy: str) -> None:
    for url in queues:
        clients("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})


def _create_policy(clients: Clients, place: Place, properties: Properties) -> Held:
    _put_policy(clients, properties["Queues"], text(properties["PolicyDocument"]))
    name = generated(place)
    return Held(name, {"Id": name})


def _read_policy(clients: Clients, _held: Held, properties: Properties) -> Mapping[str, Any]:
    policies = {
        url: clients("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"]).get("Attributes", {})
        for url in properties["Queues"]
    }
    declared = properties["PolicyDocument"]
    contents = [document(declared, found["Policy"]) for found in policies.values() if "Policy" in found]
    held = next((content for content in contents if content != declared), declared if contents else None)
    return {"PolicyDocument": held, "Queues": [url for url, found in policies.items() if "Policy" in found]}


def _update_policy(clients: Clients, held: Held, old: Properties, new: Properties) -> Held:
    _put_policy(clients, new["Queues"], text(new["PolicyDocument"]))
    _delete_policy(clients, held, {"Queues": [url for url in old["Queues"] if url not in new["Queues"]]})
    return held


def _delete_policy(clients: Clients, _held: Held, properties: Properties) -> None:
    with absent_is_deleted(*_GONE):
        _put_policy(clients, properties["Queues"], "")


TYPES = (
    ResourceType(
        name="AWS::SQS::Queue",
        properties=frozenset(_DEFAULTS) | {"FifoQueue", "QueueName", "Tags"},
        create=_create_queue,
        read=_read_queue,
        update=_update_queue,
        delete=_delete_queue,
        create_only=frozenset({"FifoQueue", "QueueName"}),
    ),
    ResourceType(
        name="AWS::SQS::QueuePolicy",
        properties=frozenset({"PolicyDocument", "Queues"}),
        create=_create_policy,
        read=_read_policy,
        update=_update_policy,
        delete=_delete_policy,
    ),
)
