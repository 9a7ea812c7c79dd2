"""AWS::KinesisFirehose::DeliveryStream (AWS CloudFormation Template Reference Guide: same title).

From a Kinesis stream into a bucket. The endpoint keeps what is configured; `local/firehose` does the work.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cncb_compiler.local.cloudformation.resource import Clients, Held, Place, Properties, ResourceType
from cncb_compiler.local.cloudformation.resources import tags
from cncb_compiler.local.cloudformation.resources.calls import absent_is_deleted, call
from cncb_compiler.local.cloudformation.resources.names import generated
from cncb_compiler.local.cloudformation.resources.words import as_declared

_LONGEST_NAME = 64
_SOURCE = "KinesisStreamSourceConfiguration"
_DESTINATION = "ExtendedS3DestinationConfiguration"
_CREATE_ONLY = frozenset({"DeliveryStreamName", "DeliveryStreamType", _SOURCE})


def _create(clients: Clients, place: Place, properties: Properties) -> Held:
    name = properties.get("DeliveryStreamName") or generated(place, _LONGEST_NAME)
    given = {key: properties[key] for key in ("DeliveryStreamType", _SOURCE, _DESTINATION) if key in properties}
    labels = {"Tags": tags.as_list(properties["Tags"])} if properties.get("Tags") else {}
    made = call(clients("firehose"), "create_delivery_stream", DeliveryStreamName=name, **given, **labels)
    return Held(name, {"Arn": made["DeliveryStreamARN"]})


def _read(clients: Clients, held: Held, properties: Properties) -> Mapping[str, Any]:
    client, name = clients("firehose"), held.physical_id
    found = _described(client, name)
    there = {
        "DeliveryStreamName": found["DeliveryStreamName"],
        "DeliveryStreamType": found["DeliveryStreamType"],
        _SOURCE: found.get("Source", {}).get("KinesisStreamSourceDescription", {}),
        _DESTINATION: found["Destinations"][0].get("ExtendedS3DestinationDescription", {}),
    }
    kept = {key: as_declared(properties[key], value) for key, value in there.items() if key in properties}
    if "Tags" in properties:
        kept["Tags"] = tags.as_list(client.list_tags_for_delivery_stream(DeliveryStreamName=name)["Tags"])
    return kept


def _update(clients: Clients, held: Held, old: Properties, new: Properties) -> Held:
    client, name = clients("firehose"), held.physical_id
    if old.get(_DESTINATION) != new.get(_DESTINATION):
        found = _described(client, name)
        call(
            client,
            "update_destination",
            DeliveryStreamName=name,
            CurrentDeliveryStreamVersionId=found["VersionId"],
            DestinationId=found["Destinations"][0]["DestinationId"],
            ExtendedS3DestinationUpdate=new[_DESTINATION],
        )
    put, gone = tags.changes(old.get("Tags"), new.get("Tags"))
    if put:
        client.tag_delivery_stream(DeliveryStreamName=name, Tags=tags.as_list(put))
    if gone:
        client.untag_delivery_stream(DeliveryStreamName=name, TagKeys=gone)
    return held


def _delete(clients: Clients, held: Held, _properties: Properties) -> None:
    with absent_is_deleted("ResourceNotFoundException"):
        clients("firehose").delete_delivery_stream(DeliveryStreamName=held.physical_id)


def _described(client: Any, name: str) -> Any:
    return client.describe_delivery_stream(DeliveryStreamName=name)["DeliveryStreamDescription"]


TYPES = (
    ResourceType(
        name="AWS::KinesisFirehose::DeliveryStream",
        properties=_CREATE_ONLY | {_DESTINATION, "Tags"},
        create=_create,
        read=_read,
        update=_update,
        delete=_delete,
        create_only=_CREATE_ONLY,
    ),
)
