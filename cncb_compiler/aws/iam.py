"""Permissions: one role per function, with the actions that its grants and triggers need, on exact ARNs.

AWS forces two stars: X-Ray's write actions know no resource, and the objects of a bucket have no names
beforehand.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Any

from cncb_compiler.aws import naming
from cncb_compiler.aws.notifications import READ_ACTIONS, queue_arn
from cncb_compiler.aws.sqs import sends_failures
from cncb_compiler.aws.stack import AWS_KINESIS_KEY, Stack
from cncb_compiler.aws.values import Resource, Value, get_att, resource, sub
from cncb_compiler.plan.assets import Asset
from cncb_compiler.plan.function import BucketTrigger, FunctionPlan, Grant, StreamTrigger, TableTrigger

TABLE_ACTIONS = {
    "get": "dynamodb:GetItem",
    "batch": "dynamodb:BatchWriteItem",
    "put": "dynamodb:PutItem",
    "update": "dynamodb:UpdateItem",
    "delete": "dynamodb:DeleteItem",
    "query": "dynamodb:Query",
    "scan": "dynamodb:Scan",
}
"""What each verb needs of a table (Amazon DynamoDB: Actions, resources and condition keys)."""

OBJECT_ACTIONS = {"get": "s3:GetObject", "put": "s3:PutObject", "delete": "s3:DeleteObject"}
"""What each verb needs of a bucket's objects."""

SEND_ACTIONS = {"queue": "sqs:SendMessage", "bus": "events:PutEvents"}
"""What sending needs of a queue (SendMessageBatch too) and of a bus."""

PUBLISH_ACTIONS = ("kinesis:PutRecord", "kinesis:PutRecords")
STREAM_READ_ACTIONS = (
    "kinesis:DescribeStream",
    "kinesis:DescribeStreamSummary",
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:ListShards",
)
CHANGE_READ_ACTIONS = (
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
)
LOG_ACTIONS = ("logs:CreateLogStream", "logs:PutLogEvents")
TRACE_ACTIONS = ("xray:PutTelemetryRecords", "xray:PutTraceSegments")

_LAMBDA_MAY_ASSUME = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}

_Target = tuple[Asset, str]
"""An asset, and the part of it that is meant: the whole, `index <name>`, `objects`, `changes`,
`word` (what S3 tells of objects), a prefix."""


def role(stack: Stack, function: FunctionPlan, declaration: str) -> Resource:
    """The role of one function."""
    return resource(
        "AWS::IAM::Role",
        {
            "AssumeRolePolicyDocument": _LAMBDA_MAY_ASSUME,
            "Policies": [
                {
                    "PolicyName": "access",
                    "PolicyDocument": {"Version": "2012-10-17", "Statement": statements(stack, function)},
                }
            ],
            "Tags": stack.tags,
        },
        declaration,
        function.pattern,
    )


def statements(stack: Stack, function: FunctionPlan) -> list[dict[str, Any]]:
    """What a function may do, in an order that does not depend on the order of its grants."""
    log_group = get_att(naming.log_group_id(function.name), "Arn")
    made = [allow(LOG_ACTIONS, log_group), allow(TRACE_ACTIONS, "*")]
    wanted: dict[_Target, set[str]] = {}
    for target, action in _wanted(function):
        wanted.setdefault(target, set()).add(action)
    for target in sorted(wanted, key=lambda target: (target[0].kind, target[0].name, target[0].generation, target[1])):
        made.append(allow(wanted[target], _arn(stack, target)))
    made += _function_keys(stack, function)
    if sends_failures(function):
        made.append(allow(("sqs:SendMessage",), get_att(naming.FAILURE_QUEUE, "Arn")))
    return made


def _wanted(function: FunctionPlan) -> Iterator[tuple[_Target, str]]:
    for grant in function.grants:
        yield from _of_grant(grant)
    if function.faults_to is not None:
        yield from _of_grant(Grant("publish", function.faults_to))
    for trigger in function.triggers:
        if isinstance(trigger, StreamTrigger):
            yield from ((_whole(trigger.stream), action) for action in STREAM_READ_ACTIONS)
        elif isinstance(trigger, TableTrigger):
            changes: _Target = (trigger.table, "changes")
            yield from ((changes, action) for action in CHANGE_READ_ACTIONS)
        elif isinstance(trigger, BucketTrigger):
            word: _Target = (trigger.bucket, "word")
            yield from ((word, action) for action in READ_ACTIONS)


def _of_grant(grant: Grant) -> Iterator[tuple[_Target, str]]:
    asset = grant.asset
    if asset.kind == "index":
        # The domain's own policy says so (`aws/opensearch.py`).
        return
    if asset.kind == "stream":
        yield from ((_whole(asset), action) for action in PUBLISH_ACTIONS)
    elif asset.kind in SEND_ACTIONS:
        yield _whole(asset), SEND_ACTIONS[asset.kind]
    elif asset.kind == "claims":
        yield (asset, grant.prefix or ""), OBJECT_ACTIONS[grant.verb]
    elif asset.kind == "bucket":
        yield (asset, "objects"), OBJECT_ACTIONS[grant.verb]
        if grant.verb == "get":
            # Without it S3 answers 403 for an object that is not there, and a query could not answer 404.
            yield _whole(asset), "s3:ListBucket"
    elif grant.index is not None:
        yield (asset, f"index {grant.index}"), TABLE_ACTIONS[grant.verb]
    else:
        yield _whole(asset), TABLE_ACTIONS[grant.verb]


def _whole(asset: Asset) -> _Target:
    return (asset, "")


def _arn(stack: Stack, target: _Target) -> Value:
    asset, part = target
    if asset.kind == "stream":
        return stack.stream_arn(asset)
    if asset.kind == "claims":
        return stack.claims_arn(part)
    logical_id = naming.asset_id(asset)
    if part == "":
        return get_att(logical_id, "Arn")
    if part == "word":
        return queue_arn(asset)
    if part == "changes":
        return get_att(logical_id, "StreamArn")
    if part == "objects":
        return sub(f"${{{logical_id}.Arn}}/*")
    return sub(f"${{{logical_id}.Arn}}/index/{part.removeprefix('index ')}")


def allow(actions: set[str] | tuple[str, ...], target: Value) -> dict[str, Any]:
    """A statement that allows actions on a target."""
    return {"Effect": "Allow", "Action": sorted(actions), "Resource": target}


def _function_keys(stack: Stack, function: FunctionPlan) -> list[dict[str, Any]]:
    published = {grant.asset.name for grant in function.grants if grant.verb == "publish"}
    if function.faults_to is not None:
        published.add(function.faults_to.name)
    read = {trigger.stream.name for trigger in function.triggers if isinstance(trigger, StreamTrigger)}
    return key_statements(stack, published, read)


def key_statements(
    stack: Stack, published: Set[str] = frozenset(), read: Set[str] = frozenset()
) -> list[dict[str, Any]]:
    """Use of streams' customer keys, through Kinesis only. The keys that AWS manages need no permission."""
    wanted: dict[str, set[str]] = {}
    for action, streams in (("kms:GenerateDataKey", published), ("kms:Decrypt", read)):
        for stream in streams:
            key = stack.stream_keys.get(stream, AWS_KINESIS_KEY)
            if not key.endswith(AWS_KINESIS_KEY):
                wanted.setdefault(key, set()).add(action)
    return [_key_statement(key, wanted[key]) for key in sorted(wanted)]


def _key_statement(key: str, actions: set[str]) -> dict[str, Any]:
    through: dict[str, Any] = {"StringEquals": {"kms:ViaService": sub("kinesis.${AWS::Region}.amazonaws.com")}}
    arn, is_alias, alias = key.partition("alias/")
    if not is_alias:
        return {**allow(actions, key), "Condition": through}
    # A policy cannot name a key by its alias: it names every key and asks for the alias
    # (AWS KMS: kms:ResourceAliases).
    keys = f"{arn}key/*" if arn else sub("arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/*")
    through["ForAnyValue:StringEquals"] = {"kms:ResourceAliases": f"alias/{alias}"}
    return {**allow(actions, keys), "Condition": through}
