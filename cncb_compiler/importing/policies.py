"""What roles and policies allow: IAM's statements, and SAM's policy templates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cncb_compiler.importing.intrinsics import logical_ids, properties, reference
from cncb_compiler.importing.stack import Grant
from cncb_compiler.importing.values import Items, Map, Notes, as_items, as_map

SAM_POLICIES: dict[str, tuple[str, ...]] = {
    "DynamoDBCrudPolicy": ("dynamodb:GetItem", "dynamodb:PutItem"),
    "DynamoDBWritePolicy": ("dynamodb:PutItem",),
    "DynamoDBReadPolicy": ("dynamodb:GetItem",),
    "DynamoDBReconfigurePolicy": (),
    "DynamoDBStreamReadPolicy": (),
    "KinesisCrudPolicy": ("kinesis:PutRecord",),
    "KinesisStreamReadPolicy": (),
    "SQSSendMessagePolicy": ("sqs:SendMessage",),
    "SQSPollerPolicy": (),
    "SNSPublishMessagePolicy": ("sns:Publish",),
    "SNSCrudPolicy": ("sns:Publish",),
    "EventBridgePutEventsPolicy": ("events:PutEvents",),
    "S3CrudPolicy": ("s3:GetObject", "s3:PutObject"),
    "S3WritePolicy": ("s3:PutObject",),
    "S3FullAccessPolicy": ("s3:GetObject", "s3:PutObject"),
    "S3ReadPolicy": ("s3:GetObject",),
    "LambdaInvokePolicy": ("lambda:InvokeFunction",),
}
"""What SAM's policy templates allow, as far as it matters here (AWS SAM: policy template list)."""


def grants(statements: Any, resources: dict[str, Map]) -> Iterator[Grant]:
    """What the statements of a policy allow; what they deny is not looked at."""
    for statement in listed(statements):
        said = as_map(statement)
        if said.get("Effect", "Allow") != "Allow":
            continue
        actions = tuple(action for action in listed(said.get("Action")) if isinstance(action, str))
        for target in listed(said.get("Resource")):
            yield Grant(actions, reference(target, resources))


def of_policies(policies: Any, resources: dict[str, Map], notes: Notes) -> Iterator[Grant]:
    """What a function's `Policies` in SAM allow: documents, statements, templates; names of managed ones are noted."""
    for policy in listed(policies):
        said = as_map(policy)
        if "Statement" in said:
            yield from grants(said["Statement"], resources)
        elif "PolicyDocument" in said:
            yield from grants(as_map(said["PolicyDocument"]).get("Statement"), resources)
        elif said:
            for name, parameters in said.items():
                actions = SAM_POLICIES.get(name)
                if actions is None:
                    notes.add(said, name, f"the policy `{name}` is not looked into.")
                for value in as_map(parameters).values() if actions else ():
                    yield Grant(actions or (), reference(value, resources))
        elif isinstance(policy, str) and isinstance(policies, Items):
            notes.add(policies, policies.index(policy), f"the managed policy `{policy}` is not looked into.")


def of_role(role: Any, resources: dict[str, Map]) -> Iterator[Grant]:
    """What a role of the stack allows: its own policies, and those that name it."""
    ids = [name for name in logical_ids(role) if name in resources]
    for logical_id in ids[:1]:
        for policy in as_items(properties(resources[logical_id]).get("Policies")):
            yield from grants(as_map(as_map(policy).get("PolicyDocument")).get("Statement"), resources)
        for resource in resources.values():
            said = properties(resource)
            if resource.get("Type") in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy") and logical_id in logical_ids(
                said.get("Roles")
            ):
                yield from grants(as_map(said.get("PolicyDocument")).get("Statement"), resources)


def listed(value: Any) -> list[Any]:
    """A value where a list may stand, as a list; nothing is an empty one."""
    return [] if value is None else list(value) if isinstance(value, Items) else [value]
