"""The search domain of a service: one OpenSearch domain for all of its indexes, which only its functions reach.

Its access policy names each function's role with the requests that it makes, so the roles themselves say nothing of the
domain, and there is no circle. The policy needs the domain's own ARN, which no reference gives inside of it: so
the domain is named after the stack's id.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cncb_compiler.aws import naming
from cncb_compiler.aws.stack import Stack
from cncb_compiler.aws.values import Resource, Skip, Value, get_att, resource
from cncb_compiler.plan.assets import Asset, SearchIndex
from cncb_compiler.plan.function import FunctionPlan, Grant

ENGINE = "OpenSearch_2.19"
TLS_POLICY = "Policy-Min-TLS-1-2-PFS-2023-10"
PATTERN = "search domain"

REQUESTS: dict[str, tuple[tuple[str, str], ...]] = {
    "get": (("es:ESHttpGet", "/_doc/*"),),
    "query": (("es:ESHttpPost", "/_search"),),
    "put": (
        ("es:ESHttpPut", ""),
        ("es:ESHttpPut", "/_mapping"),
        ("es:ESHttpPost", "/_bulk"),
        ("es:ESHttpPost", "/_delete_by_query"),
    ),
}
"""The requests of each verb: the action, and the path below the index (Amazon OpenSearch Service: Identity and Access
Management, "Policy element reference")."""

DAILY_REQUESTS = {"put": (("es:ESHttpPut", "/_index_template/{name}"), ("es:ESHttpPost", "/{name}.*/_bulk"))}
"""The requests of each verb of an index for each day, which a template makes: the action, and the path."""

_SKIPS: tuple[Skip, ...] = (
    ("CKV_AWS_84", "Its functions log what they do; the domain holds what a replay of events brings back."),
    ("CKV_AWS_137", "Reached over TLS by signed requests of the functions' roles alone; a VPC would keep them in it."),
    ("CKV_AWS_247", "Encrypted with the key that AWS manages for OpenSearch, which no reader has to be given."),
    ("CKV_AWS_248", "In no VPC, so it has no security group."),
    ("CKV_AWS_317", "Audit logs need users of the domain's own; here IAM alone says who may do what."),
    ("CKV_AWS_318", "Masters of their own are for large domains: `overrides`."),
    ("CKV2_AWS_52", "IAM says who may do what, by index: there are no users of the domain's own."),
    ("CKV2_AWS_59", "Masters of their own are for large domains: `overrides`."),
)


def domain_resources(stack: Stack, functions: list[FunctionPlan]) -> dict[str, Resource]:
    """The domain, by logical id; nothing where the service has no index."""
    plan = stack.plan
    if not plan.indexes:
        return {}
    domain = plan.search_domain
    indexes = {index.asset: index for index in plan.indexes}
    statements = [one for function in functions for one in _statements(function, indexes)]
    properties: dict[str, Any] = {
        "DomainName": _domain_name(),
        "EngineVersion": ENGINE,
        "ClusterConfig": {
            "InstanceType": domain.instance_type,
            "InstanceCount": domain.instances,
            **_zones(domain.instances),
        },
        "EBSOptions": {"EBSEnabled": True, "VolumeType": "gp3", "VolumeSize": domain.storage},
        "EncryptionAtRestOptions": {"Enabled": True},
        "NodeToNodeEncryptionOptions": {"Enabled": True},
        "DomainEndpointOptions": {"EnforceHTTPS": True, "TLSSecurityPolicy": TLS_POLICY},
        # A request may not name in its body another index than its path, which the access policy looks at.
        "AdvancedOptions": {"rest.action.multi.allow_explicit_index": "false"},
        "SoftwareUpdateOptions": {"AutoSoftwareUpdateEnabled": True},
        "Tags": stack.tags,
    }
    if statements:
        properties["AccessPolicies"] = {"Version": "2012-10-17", "Statement": statements}
    made = resource("AWS::OpenSearchService::Domain", properties, str(plan.at), PATTERN, _SKIPS, retain=False)
    return {naming.SEARCH_DOMAIN: made}


def endpoint() -> Value:
    """The domain's host name."""
    return get_att(naming.SEARCH_DOMAIN, "DomainEndpoint")


def _statements(function: FunctionPlan, indexes: dict[Asset, SearchIndex]) -> Iterator[dict[str, Any]]:
    wanted: dict[str, set[str]] = {}
    for grant in function.grants:
        if grant.asset.kind == "index":
            for action, path in requests(grant, indexes[grant.asset]):
                wanted.setdefault(action, set()).add(path)
    for action in sorted(wanted):
        yield {
            "Effect": "Allow",
            "Principal": {"AWS": get_att(naming.role_id(function.name), "Arn")},
            "Action": [action],
            "Resource": [_arn(path) for path in sorted(wanted[action])],
        }


def requests(grant: Grant, index: SearchIndex) -> Iterator[tuple[str, str]]:
    """The actions that a grant needs, each with its path in the domain."""
    if index.daily is not None:
        for action, path in DAILY_REQUESTS.get(grant.verb, ()):
            yield action, path.format(name=index.physical_name)
        return
    for action, path in REQUESTS.get(grant.verb, ()):
        yield action, f"/{index.physical_name}{path}"


def _zones(instances: int) -> dict[str, Any]:
    """One zone, two, or three where the machines can stand in them evenly."""
    if instances == 1:
        return {"ZoneAwarenessEnabled": False}
    zones = 3 if instances % 3 == 0 else 2
    return {"ZoneAwarenessEnabled": True, "ZoneAwarenessConfig": {"AvailabilityZoneCount": zones}}


def _stack_word() -> Value:
    """The first word of the stack's unique id, which ends its ARN."""
    unique = {"Fn::Select": [2, {"Fn::Split": ["/", {"Ref": "AWS::StackId"}]}]}
    return {"Fn::Select": [0, {"Fn::Split": ["-", unique]}]}


def _domain_name() -> Value:
    return {"Fn::Sub": ["search-${Stack}", {"Stack": _stack_word()}]}


def _arn(path: str) -> Value:
    arn = f"arn:${{AWS::Partition}}:es:${{AWS::Region}}:${{AWS::AccountId}}:domain/search-${{Stack}}{path}"
    return {"Fn::Sub": [arn, {"Stack": _stack_word()}]}
