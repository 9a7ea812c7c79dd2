"""AWS::Lambda::EventSourceMapping (AWS CloudFormation Template Reference Guide: same title)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cncb_compiler.local.cloudformation.resource import Clients, Held, Place, Properties, ResourceType
from cncb_compiler.local.cloudformation.resources import tags
from cncb_compiler.local.cloudformation.resources.calls import absent_is_deleted, call
from cncb_compiler.local.cloudformation.resources.words import picked

_DEFAULTS: Mapping[str, Any] = {
    "BisectBatchOnFunctionError": False,
    "DestinationConfig": {"OnFailure": {}},
    "Enabled": True,
    "FilterCriteria": {"Filters": []},
    "FunctionResponseTypes": [],
    "MaximumBatchingWindowInSeconds": 0,
    "MaximumRecordAgeInSeconds": -1,
    "MaximumRetryAttempts": -1,
    "ParallelizationFactor": 1,
    "ScalingConfig": {},
}
_SETTINGS = frozenset(_DEFAULTS) | {"BatchSize", "FunctionName"}
_CREATE_ONLY = frozenset({"EventSourceArn", "StartingPosition", "StartingPositionTimestamp"})
_QUEUE_BATCH, _STREAM_BATCH = 10, 100


def _create(clients: Clients, _place: Place, properties: Properties) -> Held:
    given = {key: properties[key] for key in _SETTINGS | _CREATE_ONLY if key in properties}
    labels = tags.as_map(properties.get("Tags"))
    made = call(clients("lambda"), "create_event_source_mapping", Tags=labels, **given)
    return Held(made["UUID"], {"Id": made["UUID"], "EventSourceMappingArn": made["EventSourceMappingArn"]})


def _read(clients: Clients, held: Held, properties: Properties) -> Mapping[str, Any]:
    client = clients("lambda")
    found = client.get_event_source_mapping(UUID=held.physical_id)
    kept = picked(properties, found, (_SETTINGS | _CREATE_ONLY) - {"Enabled", "FunctionName"})
    if "StartingPositionTimestamp" in kept:
        kept["StartingPositionTimestamp"] = found["StartingPositionTimestamp"].timestamp()
    if "Enabled" in properties:
        kept["Enabled"] = found["State"] in ("Creating", "Enabling", "Enabled")
    declared = str(properties["FunctionName"])
    kept["FunctionName"] = declared if _names(declared, found["FunctionArn"]) else found["FunctionArn"]
    if "Tags" in properties:
        arn = held.attributes["EventSourceMappingArn"]
        kept["Tags"] = tags.as_list(client.list_tags(Resource=arn)["Tags"])
    return kept


def _update(clients: Clients, held: Held, old: Properties, new: Properties) -> Held:
    client = clients("lambda")
    defaults = {**_DEFAULTS, "BatchSize": _QUEUE_BATCH if ":sqs:" in new["EventSourceArn"] else _STREAM_BATCH}
    changed = {key: new.get(key, defaults.get(key)) for key in _SETTINGS if old.get(key) != new.get(key)}
    if changed:
        call(client, "update_event_source_mapping", UUID=held.physical_id, **changed)
    arn = held.attributes["EventSourceMappingArn"]
    put, gone = tags.changes(old.get("Tags"), new.get("Tags"))
    if put:
        client.tag_resource(Resource=arn, Tags=put)
    if gone:
        client.untag_resource(Resource=arn, TagKeys=gone)
    return held


def _delete(clients: Clients, held: Held, _properties: Properties) -> None:
    with absent_is_deleted("ResourceNotFoundException", "404"):
        clients("lambda").delete_event_source_mapping(UUID=held.physical_id)


def _names(declared: str, arn: str) -> bool:
    """Whether a function's name, partial ARN or ARN names the function of this ARN."""
    return arn == declared or arn.endswith((f":function:{declared}", f":{declared}"))


TYPES = (
    ResourceType(
        name="AWS::Lambda::EventSourceMapping",
        properties=_SETTINGS | _CREATE_ONLY | {"Tags"},
        create=_create,
        read=_read,
        update=_update,
        delete=_delete,
        create_only=_CREATE_ONLY,
    ),
)
