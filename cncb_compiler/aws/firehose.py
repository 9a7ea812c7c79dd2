"""Delivery streams: Firehose reads a Kinesis stream, has a function make lines of it, and writes them to a bucket."""

from __future__ import annotations

from typing import Any

from cncb_compiler.aws import naming
from cncb_compiler.aws.iam import allow, key_statements
from cncb_compiler.aws.lambda_ import log_group
from cncb_compiler.aws.stack import Stack
from cncb_compiler.aws.values import Resource, get_att, ref, resource, sub
from cncb_compiler.plan.function import FunctionPlan
from cncb_compiler.plan.service import Delivery

PATTERN = "data lake"

TRANSFORM_MEGABYTES = "0.2"
"""What Firehose hands to the function at a time: the least that it takes. The function's answer may be 6 MB, and each
record grows to some 500 bytes in it, so that records of 20 bytes and more stay below (an envelope has 100)."""
TRANSFORM_SECONDS = "60"
"""After how long Firehose hands over what it has."""
TRANSFORM_RETRIES = "3"
"""How often it tries again, before it puts the records under the error prefix as they were."""

LOG_STREAM = "delivery"
SOURCE_ACTIONS = ("kinesis:DescribeStream", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards")
BUCKET_ACTIONS = ("s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads")
OBJECT_ACTIONS = ("s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject")
FUNCTION_ACTIONS = ("lambda:GetFunctionConfiguration", "lambda:InvokeFunction")

_FIREHOSE_MAY_ASSUME = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "firehose.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


def prefixes(stream: str) -> tuple[str, str]:
    """Where objects of a stream go, and what could not be delivered (Amazon Data Firehose: custom prefixes)."""
    hour = "!{timestamp:yyyy/MM/dd/HH}"
    return f"{stream}/{hour}/", f"errors/{stream}/!{{firehose:error-output-type}}/{hour}/"


def delivery_resources(stack: Stack, delivery: Delivery) -> dict[str, Resource]:
    """The delivery stream with its role and its log of errors, by logical id."""
    function = next(one for one in stack.plan.functions if one.name == delivery.function)
    declaration = str(delivery.at)
    name = naming.function_name(stack.plan.system, stack.plan.service, delivery.name, f"${{{naming.STAGE}}}")
    log_group_id = naming.delivery_id(delivery.name, "LogGroup")
    log_stream_id = naming.delivery_id(delivery.name, "LogStream")
    return {
        naming.delivery_id(delivery.name, "Role"): _role(stack, delivery, function, declaration),
        log_group_id: log_group(
            stack, f"/aws/kinesisfirehose/{name}", function.settings.log_retention_days, declaration, PATTERN
        ),
        log_stream_id: resource(
            "AWS::Logs::LogStream",
            {"LogGroupName": ref(log_group_id), "LogStreamName": LOG_STREAM},
            declaration,
            PATTERN,
            retain=False,
        ),
        naming.delivery_id(delivery.name, "Stream"): _stream(stack, delivery, declaration),
    }


def _stream(stack: Stack, delivery: Delivery, declaration: str) -> Resource:
    role = get_att(naming.delivery_id(delivery.name, "Role"), "Arn")
    prefix, errors = prefixes(delivery.stream.name)
    transform = {
        "LambdaArn": get_att(naming.function_id(delivery.function), "Arn"),
        "BufferSizeInMBs": TRANSFORM_MEGABYTES,
        "BufferIntervalInSeconds": TRANSFORM_SECONDS,
        "NumberOfRetries": TRANSFORM_RETRIES,
    }
    parameters = [{"ParameterName": name, "ParameterValue": value} for name, value in transform.items()]
    properties: dict[str, Any] = {
        "DeliveryStreamType": "KinesisStreamAsSource",
        "KinesisStreamSourceConfiguration": {"KinesisStreamARN": stack.stream_arn(delivery.stream), "RoleARN": role},
        "ExtendedS3DestinationConfiguration": {
            "BucketARN": get_att(naming.asset_id(delivery.bucket), "Arn"),
            "RoleARN": role,
            "Prefix": prefix,
            "ErrorOutputPrefix": errors,
            "BufferingHints": {"IntervalInSeconds": delivery.seconds, "SizeInMBs": delivery.megabytes},
            "CompressionFormat": "GZIP",
            "ProcessingConfiguration": {
                "Enabled": True,
                "Processors": [{"Type": "Lambda", "Parameters": parameters}],
            },
            "CloudWatchLoggingOptions": {
                "Enabled": True,
                "LogGroupName": ref(naming.delivery_id(delivery.name, "LogGroup")),
                "LogStreamName": ref(naming.delivery_id(delivery.name, "LogStream")),
            },
        },
        "Tags": stack.tags,
    }
    return resource("AWS::KinesisFirehose::DeliveryStream", properties, declaration, PATTERN)


def _role(stack: Stack, delivery: Delivery, function: FunctionPlan, declaration: str) -> Resource:
    bucket, code = naming.asset_id(delivery.bucket), naming.function_id(function.name)
    places = (delivery.stream.name, f"errors/{delivery.stream.name}")
    statements = [
        allow(SOURCE_ACTIONS, stack.stream_arn(delivery.stream)),
        *key_statements(stack, read={delivery.stream.name}),
        allow(FUNCTION_ACTIONS, [get_att(code, "Arn"), sub(f"${{{code}.Arn}}:$LATEST")]),
        allow(BUCKET_ACTIONS, get_att(bucket, "Arn")),
        allow(OBJECT_ACTIONS, [sub(f"${{{bucket}.Arn}}/{place}/*") for place in places]),
        allow(("logs:PutLogEvents",), get_att(naming.delivery_id(delivery.name, "LogGroup"), "Arn")),
    ]
    return resource(
        "AWS::IAM::Role",
        {
            "AssumeRolePolicyDocument": _FIREHOSE_MAY_ASSUME,
            "Policies": [
                {"PolicyName": "access", "PolicyDocument": {"Version": "2012-10-17", "Statement": statements}}
            ],
            "Tags": stack.tags,
        },
        declaration,
        PATTERN,
    )
