"""What a removed stack leaves behind, and the commands of the AWS CLI that delete it."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from cncb_compiler.target.target import Target


@dataclass(frozen=True, slots=True)
class Store:
    """A resource of a stack that holds data."""

    stack: str
    logical_id: str
    kind: str
    physical: str


_COMMANDS = {
    "AWS::Cognito::UserPool": "cognito-idp delete-user-pool --user-pool-id",
    "AWS::DynamoDB::Table": "dynamodb delete-table --table-name",
    "AWS::KMS::Key": "kms schedule-key-deletion --key-id",
    "AWS::Kinesis::Stream": "kinesis delete-stream --enforce-consumer-deletion --stream-name",
    "AWS::Logs::LogGroup": "logs delete-log-group --log-group-name",
    "AWS::SQS::Queue": "sqs delete-queue --queue-url",
    "AWS::SecretsManager::Secret": "secretsmanager delete-secret --secret-id",
}
"""The command of each type, but for the physical id at its end; other types go by the Cloud Control API."""


def deletion(store: Store, target: Target) -> tuple[str, ...]:
    """The commands, in their order, that delete a store for good, data and all; each is one line of a shell."""
    aws = f"aws --region {target.region}" + (f" --profile {shlex.quote(target.profile)}" if target.profile else "")
    name = shlex.quote(store.physical)
    if store.kind == "AWS::S3::Bucket":
        both = "'[Versions, DeleteMarkers][].[Key, VersionId]'"
        listed = f"{aws} s3api list-object-versions --bucket {name} --query {both}"
        one = f'{aws} s3api delete-object --bucket {name} --key "$key" --version-id "$version"'
        return (
            f"{listed} --output text | while IFS=$'\\t' read -r key version; do {one}; done",
            f"{aws} s3api delete-bucket --bucket {name}",
        )
    if store.kind in _COMMANDS:
        return (f"{aws} {_COMMANDS[store.kind]} {name}",)
    return (f"{aws} cloudcontrol delete-resource --type-name {store.kind} --identifier {name}",)
