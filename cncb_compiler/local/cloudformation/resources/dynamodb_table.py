"""`AWS::DynamoDB::Table` (AWS CloudFormation Template Reference: AWS::DynamoDB::Table)."""

from __future__ import annotations

from typing import Any

from cncb_compiler.local.cloudformation.resource import Clients, Held, Place, Properties, ResourceType
from cncb_compiler.local.cloudformation.resources import tags
from cncb_compiler.local.cloudformation.resources.calls import absent_is_deleted, call
from cncb_compiler.local.cloudformation.resources.declared import declared_part, only_declared
from cncb_compiler.local.cloudformation.resources.names import generated
from cncb_compiler.target.problems import Problem

_AS_THEY_ARE = (
    "AttributeDefinitions",
    "BillingMode",
    "DeletionProtectionEnabled",
    "GlobalSecondaryIndexes",
    "KeySchema",
    "LocalSecondaryIndexes",
    "ProvisionedThroughput",
    "Tags",
)
_UPDATED_AS_THEY_ARE = ("BillingMode", "DeletionProtectionEnabled", "ProvisionedThroughput")


def _create(clients: Clients, place: Place, properties: Properties) -> Held:
    client = clients("dynamodb")
    name = properties.get("TableName") or generated(place)
    request = {"TableName": name} | declared_part(properties, _AS_THEY_ARE)
    if "StreamSpecification" in properties:
        request["StreamSpecification"] = _stream(properties)
    if "SSESpecification" in properties:
        request["SSESpecification"] = _encryption(properties)
    made = call(client, "create_table", **request)["TableDescription"]
    _set_time_to_live(client, name, {}, properties)
    _set_recovery(client, name, {}, properties)
    return _held(made)


def _read(clients: Clients, held: Held, declared: Properties) -> dict[str, Any]:
    client = clients("dynamodb")
    name = held.physical_id
    table = client.describe_table(TableName=name)["Table"]
    found = {key: value for key, value in table.items() if value != []}
    found["BillingMode"] = table.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED")
    encryption = table.get("SSEDescription", {})
    found["SSESpecification"] = {
        "SSEEnabled": encryption.get("Status") == "ENABLED",
        "SSEType": encryption.get("SSEType"),
        "KMSMasterKeyId": encryption.get("KMSMasterKeyArn"),
    }
    if "TimeToLiveSpecification" in declared:
        expiry = client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
        found["TimeToLiveSpecification"] = {
            "Enabled": expiry["TimeToLiveStatus"] == "ENABLED",
            "AttributeName": expiry.get("AttributeName"),
        }
    if "PointInTimeRecoverySpecification" in declared:
        backups = client.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
        recovery = backups["PointInTimeRecoveryDescription"]
        found["PointInTimeRecoverySpecification"] = {
            "PointInTimeRecoveryEnabled": recovery["PointInTimeRecoveryStatus"] == "ENABLED",
            "RecoveryPeriodInDays": recovery.get("RecoveryPeriodInDays"),
        }
    if "Tags" in declared:
        found["Tags"] = client.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"]
    return only_declared(found, declared)


def _update(clients: Clients, held: Held, old: Properties, new: Properties) -> Held:
    client = clients("dynamodb")
    name = held.physical_id
    request = {key: new[key] for key in _UPDATED_AS_THEY_ARE if key in new and new[key] != old.get(key)}
    if "DeletionProtectionEnabled" in old and "DeletionProtectionEnabled" not in new:
        request["DeletionProtectionEnabled"] = False
    if indexes := _index_updates(name, old, new):
        request["GlobalSecondaryIndexUpdates"] = indexes
    if new.get("AttributeDefinitions") != old.get("AttributeDefinitions"):
        request["AttributeDefinitions"] = new["AttributeDefinitions"]
    if new.get("SSESpecification") != old.get("SSESpecification"):
        request["SSESpecification"] = _encryption(new)
    if new.get("StreamSpecification") != old.get("StreamSpecification"):
        if "StreamSpecification" in old and "StreamSpecification" in new:
            call(client, "update_table", TableName=name, StreamSpecification={"StreamEnabled": False})
        request["StreamSpecification"] = _stream(new)
    if request:
        call(client, "update_table", TableName=name, **request)
    _set_time_to_live(client, name, old, new)
    _set_recovery(client, name, old, new)
    _set_tags(client, held.attributes["Arn"], old, new)
    return _held(client.describe_table(TableName=name)["Table"])


def _delete(clients: Clients, held: Held, _properties: Properties) -> None:
    with absent_is_deleted("ResourceNotFoundException"):
        clients("dynamodb").delete_table(TableName=held.physical_id)


def _held(table: dict[str, Any]) -> Held:
    attributes = {"Arn": table["TableArn"]}
    if table.get("StreamSpecification", {}).get("StreamEnabled"):
        attributes["StreamArn"] = table["LatestStreamArn"]
    return Held(table["TableName"], attributes)


def _stream(properties: Properties) -> dict[str, Any]:
    """A stream specification as the API takes it: declared is only what the stream shows."""
    if declared := properties.get("StreamSpecification"):
        return {"StreamEnabled": True, "StreamViewType": declared["StreamViewType"]}
    return {"StreamEnabled": False}


def _encryption(properties: Properties) -> dict[str, Any]:
    declared = properties.get("SSESpecification", {})
    return {"Enabled": declared.get("SSEEnabled", False)} | declared_part(declared, ("SSEType", "KMSMasterKeyId"))


def _index_updates(table: str, old: Properties, new: Properties) -> list[dict[str, Any]]:
    """What UpdateTable is asked to do with global secondary indexes: CloudFormation makes or deletes one at a time."""
    before = {index["IndexName"]: index for index in old.get("GlobalSecondaryIndexes", ())}
    after = {index["IndexName"]: index for index in new.get("GlobalSecondaryIndexes", ())}
    deleted = [{"Delete": {"IndexName": name}} for name in before if name not in after]
    created = [{"Create": index} for name, index in after.items() if name not in before]
    if len(deleted) + len(created) > 1:
        raise Problem(
            f"Cannot perform more than one GSI creation or deletion in a single update of table {table}.",
            "Deploy one index after the other.",
        )
    changed = [(name, before[name], index) for name, index in after.items() if before.get(name, index) != index]
    for name, was, now in changed:
        if any(was.get(key) != now.get(key) for key in ("KeySchema", "Projection")):
            raise Problem(
                f"Cannot update the key schema or projection of index {name} of table {table}.",
                "Give the changed index another name: it is then made anew.",
            )
    updated = [
        {"Update": {"IndexName": name, "ProvisionedThroughput": now["ProvisionedThroughput"]}}
        for name, _, now in changed
        if "ProvisionedThroughput" in now
    ]
    return deleted + created + updated


def _set_time_to_live(client: Any, name: str, old: Properties, new: Properties) -> None:
    was, now = old.get("TimeToLiveSpecification", {}), new.get("TimeToLiveSpecification", {})
    if was == now:
        return
    wanted = now or {"Enabled": False, "AttributeName": was["AttributeName"]}
    call(client, "update_time_to_live", TableName=name, TimeToLiveSpecification=wanted)


def _set_recovery(client: Any, name: str, old: Properties, new: Properties) -> None:
    was, now = old.get("PointInTimeRecoverySpecification"), new.get("PointInTimeRecoverySpecification")
    if was == now:
        return
    wanted = {"PointInTimeRecoveryEnabled": False} | dict(now or {})
    call(client, "update_continuous_backups", TableName=name, PointInTimeRecoverySpecification=wanted)


def _set_tags(client: Any, arn: str, old: Properties, new: Properties) -> None:
    put, removed = tags.changes(old.get("Tags"), new.get("Tags"))
    if removed:
        client.untag_resource(ResourceArn=arn, TagKeys=removed)
    if put:
        client.tag_resource(ResourceArn=arn, Tags=tags.as_list(put))


TYPES = (
    ResourceType(
        "AWS::DynamoDB::Table",
        frozenset(
            {
                *_AS_THEY_ARE,
                "PointInTimeRecoverySpecification",
                "SSESpecification",
                "StreamSpecification",
                "TableName",
                "TimeToLiveSpecification",
            }
        ),
        _create,
        _read,
        _update,
        _delete,
        create_only=frozenset({"KeySchema", "LocalSecondaryIndexes", "TableName"}),
        template_only={
            "ContributorInsightsSpecification": "Contributor Insights only reports; nothing here counts accesses.",
            "OnDemandThroughput": "The endpoint limits no throughput.",
            "TableClass": "The class of a table is its price.",
            "WarmThroughput": "The endpoint limits no throughput.",
        },
    ),
)
"""The resource types of this module."""
