"""What the API shows of stacks, resources, events, change sets and templates."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from cncb_compiler.local.cloudformation.errors import invalid
from cncb_compiler.local.cloudformation.stacks import ChangeSet, Event, Stack, Standing
from cncb_compiler.local.cloudformation.template import Template

PAGE = 100
"""How many items one answer has; the rest follows by NextToken."""

NOT_CHECKED = {"StackDriftStatus": "NOT_CHECKED"}


def page(items: Sequence[Any], token: str | None) -> tuple[list[Any], str | None]:
    """The items of one page, and the token of the next one. Raises RefusedError for a token that was never given."""
    try:
        start = int(token or 0)
    except ValueError:
        raise invalid("NextToken is not valid") from None
    end = start + PAGE
    return list(items[start:end]), str(end) if end < len(items) else None


def stack(one: Stack) -> dict[str, Any]:
    """A stack, as DescribeStacks has it."""
    wanted = one.wanted
    return {
        **stack_summary(one),
        "Description": wanted.template.description or None if wanted else None,
        "Parameters": [value.shown() for value in wanted.parameters.values()] if wanted else [],
        "Capabilities": list(wanted.capabilities) if wanted else [],
        "Tags": list(wanted.tags) if wanted else [],
        "Outputs": one.outputs,
        "DisableRollback": one.rollback_disabled,
        "EnableTerminationProtection": one.protected,
        "NotificationARNs": [],
        "RollbackConfiguration": {},
    }


def stack_summary(one: Stack) -> dict[str, Any]:
    """A stack, as ListStacks has it."""
    return {
        "StackId": one.id,
        "StackName": one.name,
        "StackStatus": one.status,
        "StackStatusReason": one.reason,
        "CreationTime": one.created,
        "LastUpdatedTime": one.updated,
        "DeletionTime": one.deleted,
        "TemplateDescription": one.wanted.template.description or None if one.wanted else None,
        "DriftInformation": NOT_CHECKED,
    }


def event(one: Stack, written: Event) -> dict[str, Any]:
    """An event of a stack."""
    return {
        "StackId": one.id,
        "StackName": one.name,
        "EventId": written.id,
        "LogicalResourceId": written.logical_id,
        "PhysicalResourceId": written.physical_id,
        "ResourceType": written.type,
        "Timestamp": written.at,
        "ResourceStatus": written.status,
        "ResourceStatusReason": written.reason,
        "ResourceProperties": written.properties,
        "ClientRequestToken": written.token,
    }


def resource(one: Stack, standing: Standing) -> dict[str, Any]:
    """A resource, as DescribeStackResource, DescribeStackResources and ListStackResources have it."""
    metadata = standing.declared.attributes.get("Metadata")
    return {
        "StackId": one.id,
        "StackName": one.name,
        "LogicalResourceId": standing.declared.logical_id,
        "PhysicalResourceId": standing.physical_id,
        "ResourceType": standing.declared.type,
        "ResourceStatus": standing.status,
        "ResourceStatusReason": standing.reason,
        "Timestamp": standing.at,
        "LastUpdatedTimestamp": standing.at,
        "Metadata": json.dumps(metadata) if metadata is not None else None,
        "DriftInformation": {"StackResourceDriftStatus": "NOT_CHECKED"},
    }


def change_set_summary(one: Stack, made: ChangeSet) -> dict[str, Any]:
    """A change set, as ListChangeSets has it."""
    return {
        "StackId": one.id,
        "StackName": one.name,
        "ChangeSetId": made.id,
        "ChangeSetName": made.name,
        "ExecutionStatus": made.execution_status,
        "Status": made.status,
        "StatusReason": made.reason,
        "CreationTime": made.created,
        "Description": made.description,
        "IncludeNestedStacks": False,
    }


def change_set(one: Stack, made: ChangeSet, token: str | None) -> dict[str, Any]:
    """One page of a change set."""
    changes, following = page(made.changes, token)
    return {
        **change_set_summary(one, made),
        "Parameters": [value.shown() for value in made.wanted.parameters.values()],
        "Capabilities": list(made.wanted.capabilities),
        "Tags": list(made.wanted.tags),
        "OnStackFailure": made.on_failure,
        "NotificationARNs": [],
        "RollbackConfiguration": {},
        "Changes": [change.shown() for change in changes],
        "NextToken": following,
    }


def template_summary(template: Template) -> dict[str, Any]:
    """What GetTemplateSummary and ValidateTemplate tell of a template."""
    capabilities = template.capabilities()
    types = sorted({one.type for one in template.resources.values()})
    iam = [one.type for one in template.resources.values() if one.type.startswith("AWS::IAM::")]
    return {
        "Description": template.description or None,
        "Parameters": [_parameter(name, one) for name, one in template.parameters.items()],
        "Capabilities": list(capabilities),
        "CapabilitiesReason": f"The following resource(s) require capabilities: [{', '.join(sorted(set(iam)))}]"
        if capabilities
        else None,
        "ResourceTypes": types,
        "Version": "2010-09-09",
        "Metadata": json.dumps(template.metadata) if template.metadata is not None else None,
        "DeclaredTransforms": [],
    }


def _parameter(name: str, declared: Mapping[str, Any]) -> dict[str, Any]:
    default = declared.get("Default")
    return {
        "ParameterKey": name,
        "ParameterType": declared.get("Type"),
        "DefaultValue": None if default is None else str(default),
        "NoEcho": str(declared.get("NoEcho", "")).lower() == "true",
        "Description": declared.get("Description"),
        "ParameterConstraints": {"AllowedValues": [str(value) for value in declared.get("AllowedValues", ())]},
    }
