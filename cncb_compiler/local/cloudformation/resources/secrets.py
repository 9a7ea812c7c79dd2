"""AWS::SecretsManager::Secret (AWS CloudFormation Template Reference Guide: "AWS::SecretsManager::Secret")."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cncb_compiler.local.cloudformation.resource import Clients, Held, Place, Properties, ResourceType
from cncb_compiler.local.cloudformation.resources import tags
from cncb_compiler.local.cloudformation.resources.calls import absent_is_deleted, call
from cncb_compiler.local.cloudformation.resources.names import generated

_PASSWORD = (
    "ExcludeCharacters",
    "ExcludeLowercase",
    "ExcludeNumbers",
    "ExcludePunctuation",
    "ExcludeUppercase",
    "IncludeSpace",
    "PasswordLength",
    "RequireEachIncludedType",
)


def _create(clients: Clients, place: Place, properties: Properties) -> Held:
    client = clients("secretsmanager")
    given = {"Description": properties["Description"]} if "Description" in properties else {}
    labels = {"Tags": tags.as_list(properties["Tags"])} if properties.get("Tags") else {}
    name = properties.get("Name") or generated(place)
    arn = call(client, "create_secret", Name=name, SecretString=_value(client, properties), **given, **labels)["ARN"]
    return Held(arn, {"Id": arn})


def _value(client: Any, properties: Properties) -> str:
    if "SecretString" in properties:
        return str(properties["SecretString"])
    wanted = properties.get("GenerateSecretString") or {}
    given = {key: wanted[key] for key in _PASSWORD if key in wanted}
    password: str = call(client, "get_random_password", **given)["RandomPassword"]
    if "GenerateStringKey" not in wanted:
        return password
    return json.dumps({**json.loads(wanted["SecretStringTemplate"]), wanted["GenerateStringKey"]: password})


def _read(clients: Clients, held: Held, properties: Properties) -> Mapping[str, Any]:
    client = clients("secretsmanager")
    found = client.describe_secret(SecretId=held.physical_id)
    kept: dict[str, Any] = {key: found.get(key, "") for key in ("Description", "Name") if key in properties}
    value = client.get_secret_value(SecretId=held.physical_id)["SecretString"]
    if "SecretString" in properties:
        kept["SecretString"] = value
    if "GenerateSecretString" in properties and value:
        kept["GenerateSecretString"] = properties["GenerateSecretString"]
    if "Tags" in properties:
        kept["Tags"] = tags.as_list(found.get("Tags"))
    return kept


def _update(clients: Clients, held: Held, old: Properties, new: Properties) -> Held:
    client, arn = clients("secretsmanager"), held.physical_id
    changed: dict[str, Any] = {}
    if old.get("Description") != new.get("Description"):
        changed["Description"] = new.get("Description", "")
    if any(old.get(key) != new.get(key) for key in ("SecretString", "GenerateSecretString")):
        changed["SecretString"] = _value(client, new)
    if changed:
        call(client, "update_secret", SecretId=arn, **changed)
    put, gone = tags.changes(old.get("Tags"), new.get("Tags"))
    if put:
        client.tag_resource(SecretId=arn, Tags=tags.as_list(put))
    if gone:
        client.untag_resource(SecretId=arn, TagKeys=gone)
    return held


def _delete(clients: Clients, held: Held, _properties: Properties) -> None:
    with absent_is_deleted("ResourceNotFoundException"):
        clients("secretsmanager").delete_secret(SecretId=held.physical_id, ForceDeleteWithoutRecovery=True)


TYPES = (
    ResourceType(
        name="AWS::SecretsManager::Secret",
        properties=frozenset({"Description", "GenerateSecretString", "Name", "SecretString", "Tags"}),
        create=_create,
        read=_read,
        update=_update,
        delete=_delete,
        create_only=frozenset({"Name"}),
        template_only={
            "KmsKeyId": "secrets on this machine are not encrypted",
            "ReplicaRegions": "secrets are not copied to other regions on this machine",
        },
    ),
)
