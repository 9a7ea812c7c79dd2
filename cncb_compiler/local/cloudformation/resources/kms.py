"""`AWS::KMS::Key` and `Alias` (AWS CloudFormation Template Reference: AWS KMS)."""

from __future__ import annotations

from typing import Any

from cncb_compiler.local.cloudformation.resource import Clients, Held, Place, Properties, ResourceType
from cncb_compiler.local.cloudformation.resources import tags
from cncb_compiler.local.cloudformation.resources.calls import absent_is_deleted, call
from cncb_compiler.local.cloudformation.resources.declared import declared_part, only_declared
from cncb_compiler.local.cloudformation.resources.words import document, text
from cncb_compiler.target.problems import Problem

_FIXED = ("KeySpec", "KeyUsage", "MultiRegion", "Origin")
_POLICY = "default"
_PENDING_DAYS = 30


def _create(clients: Clients, _place: Place, properties: Properties) -> Held:
    client = clients("kms")
    request = declared_part(properties, ("Description", *_FIXED))
    if "KeyPolicy" in properties:
        request["Policy"] = text(properties["KeyPolicy"])
    if properties.get("Tags"):
        request["Tags"] = _key_tags(tags.as_map(properties["Tags"]))
    key = call(client, "create_key", **request)["KeyMetadata"]
    _set_rotation(client, key["KeyId"], {}, properties)
    _set_enabled(client, key["KeyId"], {}, properties)
    return Held(key["KeyId"], {"Arn": key["Arn"], "KeyId": key["KeyId"]})


def _read(clients: Clients, held: Held, declared: Properties) -> dict[str, Any]:
    client = clients("kms")
    key = held.physical_id
    found = dict(client.describe_key(KeyId=key)["KeyMetadata"])
    if "KeyPolicy" in declared:
        policy = client.get_key_policy(KeyId=key, PolicyName=_POLICY)["Policy"]
        found["KeyPolicy"] = document(declared["KeyPolicy"], policy)
    if "EnableKeyRotation" in declared:
        found["EnableKeyRotation"] = client.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"]
    if "Tags" in declared:
        held_tags = client.list_resource_tags(KeyId=key)["Tags"]
        found["Tags"] = [{"Key": tag["TagKey"], "Value": tag["TagValue"]} for tag in held_tags]
    return only_declared(found, declared)


def _update(clients: Clients, held: Held, old: Properties, new: Properties) -> Held:
    client = clients("kms")
    key = held.physical_id
    for name in _FIXED:
        if new.get(name) != old.get(name):
            raise Problem(f"{name} of a KMS key cannot be changed.", "Declare another key.")
    if new.get("Description") != old.get("Description"):
        client.update_key_description(KeyId=key, Description=new.get("Description", ""))
    if "KeyPolicy" in new and new["KeyPolicy"] != old.get("KeyPolicy"):
        client.put_key_policy(KeyId=key, PolicyName=_POLICY, Policy=text(new["KeyPolicy"]))
    _set_rotation(client, key, old, new)
    _set_enabled(client, key, old, new)
    put, removed = tags.changes(old.get("Tags"), new.get("Tags"))
    if removed:
        client.untag_resource(KeyId=key, TagKeys=removed)
    if put:
        client.tag_resource(KeyId=key, Tags=_key_tags(put))
    return held


def _delete(clients: Clients, held: Held, properties: Properties) -> None:
    days = int(properties.get("PendingWindowInDays", _PENDING_DAYS))
    with absent_is_deleted("NotFoundException", "KMSInvalidStateException"):
        clients("kms").schedule_key_deletion(KeyId=held.physical_id, PendingWindowInDays=days)


def _set_rotation(client: Any, key: str, old: Properties, new: Properties) -> None:
    was, now = _true(old.get("EnableKeyRotation", False)), _true(new.get("EnableKeyRotation", False))
    if now and not was:
        client.enable_key_rotation(KeyId=key)
    elif was and not now:
        client.disable_key_rotation(KeyId=key)


def _set_enabled(client: Any, key: str, old: Properties, new: Properties) -> None:
    was, now = _true(old.get("Enabled", True)), _true(new.get("Enabled", True))
    if now and not was:
        client.enable_key(KeyId=key)
    elif was and not now:
        client.disable_key(KeyId=key)


def _true(value: Any) -> bool:
    return str(value).lower() == "true"


def _key_tags(wanted: dict[str, str]) -> list[dict[str, str]]:
    return [{"TagKey": key, "TagValue": value} for key, value in wanted.items()]


def _create_alias(clients: Clients, _place: Place, properties: Properties) -> Held:
    clients("kms").create_alias(**declared_part(properties, ("AliasName", "TargetKeyId")))
    return Held(properties["AliasName"])


def _read_alias(clients: Clients, held: Held, declared: Properties) -> dict[str, Any]:
    pages = clients("kms").get_paginator("list_aliases").paginate()
    alias = next((one for page in pages for one in page["Aliases"] if one["AliasName"] == held.physical_id), None)
    if alias is None:
        return {}
    target = alias["TargetKeyId"]
    wanted = declared["TargetKeyId"]
    return {"AliasName": alias["AliasName"], "TargetKeyId": wanted if wanted.endswith(f"/{target}") else target}


def _update_alias(clients: Clients, held: Held, _old: Properties, new: Properties) -> Held:
    clients("kms").update_alias(AliasName=held.physical_id, TargetKeyId=new["TargetKeyId"])
    return held


def _delete_alias(clients: Clients, held: Held, _properties: Properties) -> None:
    with absent_is_deleted("NotFoundException"):
        clients("kms").delete_alias(AliasName=held.physical_id)


TYPES = (
    ResourceType(
        "AWS::KMS::Key",
        frozenset({"Description", "EnableKeyRotation", "Enabled", "KeyPolicy", "Tags", *_FIXED}),
        _create,
        _read,
        _update,
        _delete,
        template_only={
            "BypassPolicyLockoutSafetyCheck": "No policy locks anybody out on this machine.",
            "PendingWindowInDays": "It is asked for when the key is deleted; until then no API tells it.",
            "RotationPeriodInDays": "The endpoint never rotates a key.",
        },
    ),
    ResourceType(
        "AWS::KMS::Alias",
        frozenset({"AliasName", "TargetKeyId"}),
        _create_alias,
        _read_alias,
        _update_alias,
        _delete_alias,
        create_only=frozenset({"AliasName"}),
    ),
)
"""The resource types of this module."""
