"""The written list of what is accepted though nothing on this machine holds it: asserted by the template alone.

Of a type on this list nothing is made, nothing is read back, and what `Ref` and `Fn::GetAtt` give is made up.
Single properties of held types are listed with their type: `ResourceType.template_only`.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cncb_compiler.local.cloudformation.resource import Clients, Held, Place, Properties, ResourceType


@dataclass(frozen=True, slots=True)
class TemplateOnly:
    """Why a type is accepted, and what its resources give.

    `ref` and `attributes` are patterns of `{id}` (13 characters), `{uuid}`, `{name}`, `{region}` and `{account}`.
    """

    type: str
    reason: str
    ref: str = "{name}"
    attributes: Mapping[str, str] = field(default_factory=dict)


_EDGE = "no content delivery network stands on this machine"
_CAPACITY = "capacity is never used up on this machine, so nothing would scale it"
_FIREWALL = "no web application firewall stands on this machine"

LISTED = (
    TemplateOnly("AWS::ApplicationAutoScaling::ScalableTarget", _CAPACITY),
    TemplateOnly("AWS::ApplicationAutoScaling::ScalingPolicy", _CAPACITY),
    TemplateOnly(
        "AWS::CloudFront::Distribution",
        _EDGE,
        "E{id}",
        {
            "Id": "E{id}",
            "DomainName": "d{id}.cloudfront.net",
            "Arn": "arn:aws:cloudfront::{account}:distribution/E{id}",
        },
    ),
    TemplateOnly("AWS::CloudFront::CachePolicy", _EDGE, "{uuid}", {"Id": "{uuid}"}),
    TemplateOnly("AWS::CloudFront::OriginAccessControl", _EDGE, "E{id}", {"Id": "E{id}"}),
    TemplateOnly("AWS::CloudFront::OriginRequestPolicy", _EDGE, "{uuid}", {"Id": "{uuid}"}),
    TemplateOnly("AWS::CloudFront::ResponseHeadersPolicy", _EDGE, "{uuid}", {"Id": "{uuid}"}),
    TemplateOnly(
        "AWS::CloudTrail::Trail",
        "calls are not recorded for audit on this machine",
        "{name}",
        {"Arn": "arn:aws:cloudtrail:{region}:{account}:trail/{name}"},
    ),
    TemplateOnly(
        "AWS::Synthetics::Canary", "no browser visits pages on a schedule on this machine", "{name}", {"Id": "{uuid}"}
    ),
    TemplateOnly(
        "AWS::WAFv2::WebACL",
        _FIREWALL,
        "{name}|{uuid}|REGIONAL",
        {"Id": "{uuid}", "Arn": "arn:aws:wafv2:{region}:{account}:regional/webacl/{name}/{uuid}"},
    ),
    TemplateOnly("AWS::WAFv2::WebACLAssociation", _FIREWALL),
    TemplateOnly(
        "AWS::WAFv2::IPSet",
        _FIREWALL,
        "{name}|{uuid}|REGIONAL",
        {"Id": "{uuid}", "Arn": "arn:aws:wafv2:{region}:{account}:regional/ipset/{name}/{uuid}"},
    ),
)

REASONS: Mapping[str, str] = {one.type: one.reason for one in LISTED}


def resource_types() -> Iterator[ResourceType]:
    """The listed types in the form in which those that are held are given."""
    for listed in LISTED:
        yield ResourceType(
            name=listed.type,
            properties=frozenset(),
            create=_create(listed),
            read=lambda _clients, _held, properties: properties,
            update=lambda _clients, held, _old, _new: held,
            delete=lambda _clients, _held, _properties: None,
        )


def _create(listed: TemplateOnly) -> Any:
    def create(_clients: Clients, place: Place, _properties: Properties) -> Held:
        made = {
            "id": hashlib.sha256(place.generated_name.encode()).hexdigest()[:13].upper(),
            "uuid": str(uuid.uuid5(uuid.NAMESPACE_URL, place.generated_name)),
            "name": place.generated_name,
            "region": place.region,
            "account": place.account,
        }
        return Held(
            listed.ref.format_map(made), {name: pattern.format_map(made) for name, pattern in listed.attributes.items()}
        )

    return create
