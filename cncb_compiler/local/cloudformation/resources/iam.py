"""AWS::IAM::Role and AWS::IAM::Policy (AWS CloudFormation Template Reference Guide).

The endpoint keeps the policies. Nothing on this machine is refused because of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cncb_compiler.local.cloudformation.resource import Clients, Held, Place, Properties, ResourceType
from cncb_compiler.local.cloudformation.resources import tags
from cncb_compiler.local.cloudformation.resources.calls import absent_is_deleted, call
from cncb_compiler.local.cloudformation.resources.names import generated
from cncb_compiler.local.cloudformation.resources.words import document, picked, text

_LONGEST_ROLE_NAME = 64
_SESSION_SECONDS = 3600
_GONE = "NoSuchEntity"


def _create_role(clients: Clients, place: Place, properties: Properties) -> Held:
    client = clients("iam")
    name = properties.get("RoleName") or generated(place, _LONGEST_ROLE_NAME)
    optional = ("Description", "MaxSessionDuration", "Path", "PermissionsBoundary")
    made = call(
        client,
        "create_role",
        RoleName=name,
        AssumeRolePolicyDocument=text(properties["AssumeRolePolicyDocument"]),
        Tags=tags.as_list(properties.get("Tags")),
        **{key: properties[key] for key in optional if key in properties},
    )["Role"]
    _put_inline(client, name, _inline(properties))
    for arn in properties.get("ManagedPolicyArns", ()):
        client.attach_role_policy(RoleName=name, PolicyArn=arn)
    return Held(name, {"Arn": made["Arn"], "RoleId": made["RoleId"]})


def _read_role(clients: Clients, held: Held, properties: Properties) -> Mapping[str, Any]:
    client, name = clients("iam"), held.physical_id
    role = client.get_role(RoleName=name)["Role"]
    kept = picked(properties, role, ("Description", "MaxSessionDuration", "Path", "RoleName"))
    declared = properties["AssumeRolePolicyDocument"]
    kept["AssumeRolePolicyDocument"] = document(declared, role["AssumeRolePolicyDocument"])
    if "PermissionsBoundary" in properties:
        kept["PermissionsBoundary"] = role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
    if "Tags" in properties:
        kept["Tags"] = tags.as_list(role.get("Tags"))
    if "ManagedPolicyArns" in properties:
        attached = client.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
        kept["ManagedPolicyArns"] = [policy["PolicyArn"] for policy in attached]
    if "Policies" in properties:
        inline = client.list_role_policies(RoleName=name)["PolicyNames"]
        kept["Policies"] = [
            {"PolicyName": policy, "PolicyDocument": document(wanted, _inline_document(client, name, policy))}
            for policy, wanted in _inline(properties).items()
            if policy in inline
        ]
    return kept


def _update_role(clients: Clients, held: Held, old: Properties, new: Properties) -> Held:
    client, name = clients("iam"), held.physical_id
    if old["AssumeRolePolicyDocument"] != new["AssumeRolePolicyDocument"]:
        trust = text(new["AssumeRolePolicyDocument"])
        client.update_assume_role_policy(RoleName=name, PolicyDocument=trust)
    if any(old.get(key) != new.get(key) for key in ("Description", "MaxSessionDuration")):
        call(
            client,
            "update_role",
            RoleName=name,
            Description=new.get("Description", ""),
            MaxSessionDuration=new.get("MaxSessionDuration", _SESSION_SECONDS),
        )
    if old.get("PermissionsBoundary") != new.get("PermissionsBoundary"):
        if "PermissionsBoundary" in new:
            client.put_role_permissions_boundary(RoleName=name, PermissionsBoundary=new["PermissionsBoundary"])
        else:
            client.delete_role_permissions_boundary(RoleName=name)
    before, after = _inline(old), _inline(new)
    _put_inline(client, name, {key: value for key, value in after.items() if before.get(key) != value})
    for policy in before.keys() - after.keys():
        client.delete_role_policy(RoleName=name, PolicyName=policy)
    attached, wanted = set(old.get("ManagedPolicyArns", ())), set(new.get("ManagedPolicyArns", ()))
    for arn in wanted - attached:
        client.attach_role_policy(RoleName=name, PolicyArn=arn)
    for arn in attached - wanted:
        client.detach_role_policy(RoleName=name, PolicyArn=arn)
    put, gone = tags.changes(old.get("Tags"), new.get("Tags"))
    if put:
        client.tag_role(RoleName=name, Tags=tags.as_list(put))
    if gone:
        client.untag_role(RoleName=name, TagKeys=gone)
    return held


def _delete_role(clients: Clients, held: Held, properties: Properties) -> None:
    client, name = clients("iam"), held.physical_id
    for policy in _inline(properties):
        with absent_is_deleted(_GONE):
            client.delete_role_policy(RoleName=name, PolicyName=policy)
    for arn in properties.get("ManagedPolicyArns", ()):
        with absent_is_deleted(_GONE):
            client.detach_role_policy(RoleName=name, PolicyArn=arn)
    with absent_is_deleted(_GONE):
        client.delete_role(RoleName=name)


def _inline(properties: Properties) -> dict[str, Any]:
    return {policy["PolicyName"]: policy["PolicyDocument"] for policy in properties.get("Policies", ())}


def _put_inline(client: Any, role: str, policies: Mapping[str, Any]) -> None:
    for name, content in policies.items():
        client.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=text(content))


def _inline_document(client: Any, role: str, policy: str) -> Any:
    return client.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]


def _create_policy(clients: Clients, place: Place, properties: Properties) -> Held:
    for role in properties.get("Roles", ()):
        _put_inline(clients("iam"), role, {properties["PolicyName"]: properties["PolicyDocument"]})
    name = generated(place)
    return Held(name, {"Id": name})


def _read_policy(clients: Clients, _held: Held, properties: Properties) -> Mapping[str, Any]:
    client, name, declared = clients("iam"), properties["PolicyName"], properties["PolicyDocument"]
    roles = [role for role in properties["Roles"] if name in client.list_role_policies(RoleName=role)["PolicyNames"]]
    contents = [document(declared, _inline_document(client, role, name)) for role in roles]
    held = next((content for content in contents if content != declared), declared if roles else None)
    return {"PolicyName": name, "PolicyDocument": held, "Roles": roles}


def _update_policy(clients: Clients, held: Held, old: Properties, new: Properties) -> Held:
    same_name = old["PolicyName"] == new["PolicyName"]
    left = [role for role in old.get("Roles", ()) if not same_name or role not in new.get("Roles", ())]
    for role in new.get("Roles", ()):
        _put_inline(clients("iam"), role, {new["PolicyName"]: new["PolicyDocument"]})
    _delete_policy(clients, held, {**old, "Roles": left})
    return held


def _delete_policy(clients: Clients, _held: Held, properties: Properties) -> None:
    for role in properties.get("Roles", ()):
        with absent_is_deleted(_GONE):
            clients("iam").delete_role_policy(RoleName=role, PolicyName=properties["PolicyName"])


ROLE = ResourceType(
    name="AWS::IAM::Role",
    properties=frozenset(
        {
            "AssumeRolePolicyDocument",
            "Description",
            "ManagedPolicyArns",
            "MaxSessionDuration",
            "Path",
            "PermissionsBoundary",
            "Policies",
            "RoleName",
            "Tags",
        }
    ),
    create=_create_role,
    read=_read_role,
    update=_update_role,
    delete=_delete_role,
    create_only=frozenset({"Path", "RoleName"}),
)
POLICY = ResourceType(
    name="AWS::IAM::Policy",
    properties=frozenset({"PolicyDocument", "PolicyName", "Roles"}),
    create=_create_policy,
    read=_read_policy,
    update=_update_policy,
    delete=_delete_policy,
)
TYPES = (ROLE, POLICY)
