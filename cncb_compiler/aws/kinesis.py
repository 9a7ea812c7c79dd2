"""Event streams, and the SSM parameters by which other stacks find them.

No `Export`: CloudFormation would lock the stack that exports to those that import. A parameter is read when
a stack is deployed, so that each can be deployed by itself (loose coupling).
"""

from __future__ import annotations

from typing import Any

from cncb_compiler.aws import naming
from cncb_compiler.aws.stack import Stack, stream_parameter
from cncb_compiler.aws.values import Resource, get_att, ref, resource, sub
from cncb_compiler.plan.assets import EventStream

PATTERN = "event-stream"


def stream_resources(stack: Stack, stream: EventStream) -> dict[str, Resource]:
    """The stream and the parameters that publish its name and ARN, by logical id."""
    logical_id = naming.asset_id(stream.asset)
    declaration = str(stream.at)
    properties: dict[str, Any] = {
        "RetentionPeriodHours": stream.retention_hours,
        "StreamEncryption": {"EncryptionType": "KMS", "KeyId": stream.encryption},
        "StreamModeDetails": {"StreamMode": "ON_DEMAND" if stream.shards is None else "PROVISIONED"},
    }
    if stream.shards is not None:
        properties["ShardCount"] = stream.shards
    properties["Tags"] = stack.tags
    made = {logical_id: resource("AWS::Kinesis::Stream", properties, declaration, PATTERN, retain=True)}
    for what, value in (("Name", ref(logical_id)), ("Arn", get_att(logical_id, "Arn"))):
        made[naming.stream_parameter_id(stream.asset, what)] = resource(
            "AWS::SSM::Parameter",
            {
                "Name": sub(stream_parameter(stack.plan.system, stream.asset.name, what.lower())),
                "Type": "String",
                "Value": value,
                "Description": f"{what} of the event stream {stream.asset.name} of {stack.plan.system}",
                "Tags": stack.tag_map,
            },
            declaration,
            PATTERN,
        )
    return made
