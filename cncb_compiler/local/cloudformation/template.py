"""A template as CloudFormation understands and checks it, before any resource is touched.

Source: CloudFormation User Guide, "Template sections", "Resource attribute reference" and "Understand CloudFormation
quotas".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cncb_compiler.local.cloudformation.errors import invalid
from cncb_compiler.local.cloudformation.references import check_references, order
from cncb_compiler.local.cloudformation.template_text import parsed

MAX_RESOURCES = 500
MAX_BODY_BYTES = 51_200
"""A template that is given in the request itself."""
MAX_TEMPLATE_BYTES = 1_048_576
"""A template that lies in S3."""

SECTIONS = frozenset(
    {
        "AWSTemplateFormatVersion",
        "Conditions",
        "Description",
        "Mappings",
        "Metadata",
        "Outputs",
        "Parameters",
        "Resources",
    }
)
NOT_HELD_SECTIONS = frozenset({"Hooks", "Rules", "Transform"})
ATTRIBUTES = frozenset(
    {
        "Condition",
        "CreationPolicy",
        "DeletionPolicy",
        "DependsOn",
        "Description",
        "Metadata",
        "Properties",
        "Type",
        "UpdatePolicy",
        "UpdateReplacePolicy",
    }
)
POLICIES = {
    "DeletionPolicy": ("Delete", "Retain", "RetainExceptOnCreate", "Snapshot"),
    "UpdateReplacePolicy": ("Delete", "Retain", "Snapshot"),
}
NAMED_IAM = {
    "AWS::IAM::Group": "GroupName",
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::User": "UserName",
}
UNNAMED_IAM = frozenset({"AWS::IAM::AccessKey", "AWS::IAM::Policy", "AWS::IAM::UserToGroupAddition"})


@dataclass(frozen=True, slots=True)
class Declared:
    """One resource as the template declares it; functions are not yet resolved. `needs` go before it."""

    logical_id: str
    type: str
    properties: Mapping[str, Any]
    needs: frozenset[str] = frozenset()
    condition: str | None = None
    deletion_policy: str = "Delete"
    update_replace_policy: str = "Delete"
    attributes: Mapping[str, Any] = field(default_factory=dict)
    """Metadata, CreationPolicy and UpdatePolicy, as they are written."""


@dataclass(frozen=True, slots=True)
class Template:
    """A checked template. `resources` stand in the order in which they can be made."""

    body: str
    description: str
    parameters: Mapping[str, Mapping[str, Any]]
    mappings: Mapping[str, Any]
    conditions: Mapping[str, Any]
    resources: Mapping[str, Declared]
    outputs: Mapping[str, Mapping[str, Any]]
    metadata: Any = None

    def capabilities(self) -> tuple[str, ...]:
        """What a caller must acknowledge: CAPABILITY_NAMED_IAM, CAPABILITY_IAM, or nothing."""
        iam = [one for one in self.resources.values() if one.type in NAMED_IAM or one.type in UNNAMED_IAM]
        if any(NAMED_IAM.get(one.type) in one.properties for one in iam):
            return ("CAPABILITY_NAMED_IAM",)
        return ("CAPABILITY_IAM",) if iam else ()


def template_of(body: str) -> Template:
    """Read and check a template. Raises RefusedError in CloudFormation's words."""
    content = parsed(body)
    unheld = sorted(content.keys() & NOT_HELD_SECTIONS)
    if unheld:
        raise invalid(f"Template format error: {unheld[0]} is not held by the local endpoint")
    unknown = sorted(map(str, content.keys() - SECTIONS))
    if unknown:
        raise invalid(f"Invalid template property or properties [{', '.join(unknown)}]")
    if str(content.get("AWSTemplateFormatVersion", "2010-09-09")) != "2010-09-09":
        raise invalid("Template format error: AWSTemplateFormatVersion value is not supported.")
    sections = {name: _mapping(content, name) for name in ("Parameters", "Mappings", "Conditions", "Outputs")}
    declared = _mapping(content, "Resources")
    if not declared:
        raise invalid("Template format error: At least one Resources member must be defined.")
    if len(declared) > MAX_RESOURCES:
        raise invalid(
            f"Template format error: Number of resources, {len(declared)}, is greater than maximum allowed, "
            f"{MAX_RESOURCES}"
        )
    check_references(sections, declared)
    needs = order(declared)
    for name, output in sections["Outputs"].items():
        if not isinstance(output, Mapping) or output.get("Value") is None:
            raise invalid(f"Template format error: Output {name} is malformed. A value must be specified.")
    return Template(
        body=body,
        description=str(content.get("Description", "")),
        parameters=sections["Parameters"],
        mappings=sections["Mappings"],
        conditions=sections["Conditions"],
        resources={name: _resource(name, declared[name], needed) for name, needed in needs.items()},
        outputs=sections["Outputs"],
        metadata=content.get("Metadata"),
    )


def _mapping(content: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = content.get(name, {})
    if not isinstance(value, dict):
        raise invalid(f"Template format error: {name} must be an object.")
    return value


def _resource(name: str, raw: Mapping[str, Any], needs: frozenset[str]) -> Declared:
    unknown = sorted(map(str, raw.keys() - ATTRIBUTES))
    if unknown:
        raise invalid(f"Invalid template resource property '{unknown[0]}'")
    properties = _mapping(raw, "Properties")
    _check_null(properties, f"/Resources/{name}/Properties")
    policies = {policy: raw.get(policy, "Delete") for policy in POLICIES}
    for policy, value in policies.items():
        if value not in POLICIES[policy]:
            raise invalid(f"Template error: Invalid {policy} attribute specified for resource {name}: {value}")
        if value == "Snapshot":
            raise invalid(f"Template error: resource type {raw['Type']} does not support deletion policy Snapshot")
    return Declared(
        logical_id=name,
        type=raw["Type"],
        properties=properties,
        needs=needs,
        condition=raw.get("Condition"),
        deletion_policy=policies["DeletionPolicy"],
        update_replace_policy=policies["UpdateReplacePolicy"],
        attributes={key: raw[key] for key in ("Metadata", "CreationPolicy", "UpdatePolicy") if key in raw},
    )


def _check_null(value: Any, path: str) -> None:
    if value is None:
        raise invalid(f"Template format error: [{path}] 'null' values are not allowed in templates")
    members: Any = ()
    if isinstance(value, Mapping):
        members = value.items()
    elif isinstance(value, list):
        members = enumerate(value)
    for key, item in members:
        _check_null(item, f"{path}/{key}")
