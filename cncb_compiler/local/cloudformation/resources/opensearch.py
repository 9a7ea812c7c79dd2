"""`AWS::OpenSearchService::Domain` (AWS CloudFormation Template Reference: Amazon OpenSearch Service)."""

from __future__ import annotations

from typing import Any

from cncb_compiler.local.cloudformation.resource import Clients, Held, Place, Properties, ResourceType
from cncb_compiler.local.cloudformation.resources import tags
from cncb_compiler.local.cloudformation.resources.calls import absent_is_deleted, call
from cncb_compiler.local.cloudformation.resources.declared import declared_part, only_declared
from cncb_compiler.local.cloudformation.resources.names import generated
from cncb_compiler.local.cloudformation.resources.words import document, text

LONGEST_NAME = 28
"""Characters of a domain's name (Amazon OpenSearch Service: CreateDomain)."""

_CHANGEABLE = (
    "AdvancedOptions",
    "ClusterConfig",
    "DomainEndpointOptions",
    "EBSOptions",
    "EncryptionAtRestOptions",
    "NodeToNodeEncryptionOptions",
    "SoftwareUpdateOptions",
)
_POLICY = "AccessPolicies"


def _create(clients: Clients, place: Place, properties: Properties) -> Held:
    client = clients("opensearch")
    name = properties.get("DomainName") or generated(place, LONGEST_NAME).lower()
    made = call(
        client,
        "create_domain",
        DomainName=name,
        TagList=tags.as_list(properties.get("Tags")),
        **declared_part(properties, ("EngineVersion",)),
        **_settings(properties),
    )["DomainStatus"]
    attributes = {
        "Arn": made["ARN"],
        "DomainArn": made["ARN"],
        "DomainEndpoint": made["Endpoint"],
        "Id": made["DomainId"],
    }
    return Held(name, attributes)


def _settings(properties: Properties) -> dict[str, Any]:
    found = declared_part(properties, _CHANGEABLE)
    if _POLICY in properties:
        found[_POLICY] = text(properties[_POLICY])
    return found


def _read(clients: Clients, held: Held, declared: Properties) -> dict[str, Any]:
    client = clients("opensearch")
    status = client.describe_domain(DomainName=held.physical_id)["DomainStatus"]
    found: dict[str, Any] = {**status, "DomainName": held.physical_id}
    if _POLICY in declared:
        found[_POLICY] = document(declared[_POLICY], status.get(_POLICY))
    if "Tags" in declared:
        found["Tags"] = client.list_tags(ARN=status["ARN"])["TagList"]
    return only_declared(found, declared)


def _update(clients: Clients, held: Held, old: Properties, new: Properties) -> Held:
    client = clients("opensearch")
    call(client, "update_domain_config", DomainName=held.physical_id, **_settings(new))
    put, gone = tags.changes(old.get("Tags"), new.get("Tags"))
    arn = held.attributes["Arn"]
    if put:
        client.add_tags(ARN=arn, TagList=tags.as_list(put))
    if gone:
        client.remove_tags(ARN=arn, TagKeys=gone)
    return held


def _delete(clients: Clients, held: Held, _properties: Properties) -> None:
    with absent_is_deleted("ResourceNotFoundException"):
        clients("opensearch").delete_domain(DomainName=held.physical_id)


_MACHINES = "The search of this machine is one process, which needs no machines of its own."

TYPES = (
    ResourceType(
        "AWS::OpenSearchService::Domain",
        frozenset({"DomainName", "EngineVersion", "Tags", _POLICY, *_CHANGEABLE}),
        _create,
        _read,
        _update,
        _delete,
        create_only=frozenset({"DomainName", "EngineVersion"}),
        template_only={
            "AdvancedSecurityOptions": "Nobody is refused on this machine.",
            "CognitoOptions": "There are no dashboards on this machine.",
            "LogPublishingOptions": "The search of this machine writes no logs.",
            "OffPeakWindowOptions": _MACHINES,
            "SnapshotOptions": "The search of this machine lives in memory.",
            "VPCOptions": "There is no network on this machine to be inside of.",
        },
    ),
)
"""The resource types of this module."""
