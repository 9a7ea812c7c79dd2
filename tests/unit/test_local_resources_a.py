"""What the local endpoint says it holds, it holds: put, read back, changed, cleared, deleted."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from botocore.exceptions import ClientError
from werkzeug.test import Client

from cncb_compiler.local.cloudformation.resource import Clients, Held, NotHeldError, Place, ResourceType
from cncb_compiler.local.endpoint import inprocess, machines
from cncb_compiler.local.endpoint.mends import mend_all

REGION, ACCOUNT = "us-east-1", "123456789012"
FOLDER = "cncb_compiler.local.cloudformation.resources"
MODULES = (
    "lambda_function",
    "event_source_mapping",
    "lambda_permission",
    "iam",
    "logs",
    "sqs",
    "ssm",
    "sns",
    "events",
    "secrets",
    "cloudwatch",
    "wait_condition",
)
TYPES: dict[str, ResourceType] = {
    each.name: each for module in MODULES for each in import_module(f"{FOLDER}.{module}").TYPES
}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
ACCESS = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["logs:PutLogEvents"], "Resource": "*"}]}
TLS_ONLY = {"Version": "2012-10-17", "Statement": [{"Sid": "Tls", "Effect": "Deny", "Principal": "*", "Action": "*"}]}
TAGS = [{"Key": "system", "Value": "shop"}, {"Key": "owner", "Value": ""}]
OTHER_TAGS = [{"Key": "system", "Value": "store"}, {"Key": "stage", "Value": "dev"}]
DIMENSIONS = [{"Name": "FunctionName", "Value": "f"}]


@pytest.fixture(scope="module")
def services() -> Any:
    """The mock's services, mended, as a WSGI application."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

    mend_all()
    return DomainDispatcherApplication(create_backend_app)


@pytest.fixture(scope="module")
def every_client(services: Any) -> Clients:
    """Clients of them."""
    return inprocess.clients(services, REGION)


@pytest.fixture
def clients(every_client: Clients) -> Clients:
    """Clients of an endpoint that holds only what a stack's surroundings are."""
    from moto.core.base_backend import BackendDict

    for backends in list(BackendDict._instances):
        backends.reset()
    found = every_client
    s3 = found("s3")
    s3.create_bucket(Bucket="artifacts")
    for key in ("one.zip", "two.zip"):
        s3.put_object(Bucket="artifacts", Key=key, Body=package(key))
    found("iam").create_role(RoleName="role", AssumeRolePolicyDocument=json.dumps(TRUST))
    found("iam").create_role(RoleName="other", AssumeRolePolicyDocument=json.dumps(TRUST))
    found("kinesis").create_stream(StreamName="main", ShardCount=1)
    found("sqs").create_queue(QueueName="failures")
    found("sqs").create_queue(QueueName="more")
    found("sns").create_topic(Name="news")
    found("events").create_event_bus(Name="shop")
    for name in ("f", "g"):
        found("lambda").create_function(FunctionName=name, **function_of("one.zip"))
    return found


def package(content: str) -> bytes:
    """The same zip each time for the same content."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(zipfile.ZipInfo("handler.py"), content)
    return made.getvalue()


def function_of(key: str) -> dict[str, Any]:
    return {
        "Code": {"S3Bucket": "artifacts", "S3Key": key},
        "Handler": "handler.handler",
        "Role": f"arn:aws:iam::{ACCOUNT}:role/role",
        "Runtime": "python3.13",
    }


def queue(name: str) -> str:
    return f"{inprocess.HOST}/{ACCOUNT}/{name}"


def arn(service: str, name: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{name}"


@dataclass(frozen=True)
class Life:
    """A resource's declared properties: at first, after a change, and with all that is not required taken away."""

    type: str
    first: dict[str, Any]
    second: dict[str, Any]
    least: dict[str, Any]
    attributes: dict[str, Any] = field(default_factory=dict)


MAPPING = {"EventSourceArn": arn("kinesis", "stream/main"), "FunctionName": "f", "StartingPosition": "TRIM_HORIZON"}
LIVES = [
    Life(
        "AWS::Lambda::Function",
        {
            **function_of("one.zip"),
            "Architectures": ["arm64"],
            "Description": "Collects.",
            "Environment": {"Variables": {"STAGE": "dev", "STREAM": "main"}},
            "EphemeralStorage": {"Size": 1024},
            "FunctionName": "collect",
            "LoggingConfig": {"LogFormat": "JSON", "ApplicationLogLevel": "INFO", "LogGroup": "/aws/lambda/collect"},
            "MemorySize": "256",
            "PackageType": "Zip",
            "ReservedConcurrentExecutions": 3,
            "Tags": TAGS,
            "Timeout": 29,
            "TracingConfig": {"Mode": "Active"},
        },
        {
            **function_of("two.zip"),
            "Architectures": ["x86_64"],
            "Description": "Gathers.",
            "Environment": {"Variables": {"STAGE": "dev"}},
            "EphemeralStorage": {"Size": 2048},
            "FunctionName": "collect",
            "LoggingConfig": {"LogFormat": "JSON", "ApplicationLogLevel": "DEBUG", "LogGroup": "/aws/lambda/collect"},
            "MemorySize": 512,
            "PackageType": "Zip",
            "ReservedConcurrentExecutions": 5,
            "Tags": OTHER_TAGS,
            "Timeout": 30,
            "TracingConfig": {"Mode": "PassThrough"},
        },
        {**function_of("two.zip"), "FunctionName": "collect"},
        {"Arn": arn("lambda", "function:collect")},
    ),
    Life(
        "AWS::Lambda::EventSourceMapping",
        {
            **MAPPING,
            "BatchSize": "10",
            "BisectBatchOnFunctionError": "true",
            "DestinationConfig": {"OnFailure": {"Destination": arn("sqs", "failures")}},
            "Enabled": False,
            "FilterCriteria": {"Filters": [{"Pattern": '{"data":{"type":["thing-bought"]}}'}]},
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
            "MaximumBatchingWindowInSeconds": 5,
            "MaximumRecordAgeInSeconds": 86400,
            "MaximumRetryAttempts": 5,
            "ParallelizationFactor": 2,
            "Tags": TAGS,
        },
        {
            **MAPPING,
            "BatchSize": 50,
            "BisectBatchOnFunctionError": False,
            "DestinationConfig": {"OnFailure": {"Destination": arn("sqs", "more")}},
            "Enabled": True,
            "FilterCriteria": {"Filters": [{"Pattern": '{"data":{"type":["thing-viewed"]}}'}]},
            "FunctionName": "g",
            "FunctionResponseTypes": [],
            "MaximumBatchingWindowInSeconds": 0,
            "MaximumRecordAgeInSeconds": 172800,
            "MaximumRetryAttempts": 6,
            "ParallelizationFactor": 1,
            "Tags": OTHER_TAGS,
        },
        MAPPING,
    ),
    Life(
        "AWS::Lambda::Permission",
        {
            "Action": "lambda:InvokeFunction",
            "FunctionName": "f",
            "Principal": "apigateway.amazonaws.com",
            "SourceAccount": ACCOUNT,
            "SourceArn": f"arn:aws:execute-api:{REGION}:{ACCOUNT}:api/*/GET/users/*",
        },
        {},
        {},
    ),
    Life(
        "AWS::IAM::Role",
        {
            "AssumeRolePolicyDocument": TRUST,
            "Description": "Reads.",
            "ManagedPolicyArns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
            "MaxSessionDuration": 7200,
            "Path": "/shop/",
            "Policies": [{"PolicyName": "access", "PolicyDocument": ACCESS}],
            "RoleName": "reader",
            "Tags": TAGS,
        },
        {
            "AssumeRolePolicyDocument": json.dumps({**TRUST, "Id": "changed"}),
            "Description": "Writes.",
            "ManagedPolicyArns": ["arn:aws:iam::aws:policy/AdministratorAccess"],
            "MaxSessionDuration": 3600,
            "Path": "/shop/",
            "PermissionsBoundary": "arn:aws:iam::aws:policy/ReadOnlyAccess",
            "Policies": [{"PolicyName": "more", "PolicyDocument": {**ACCESS, "Id": "changed"}}],
            "RoleName": "reader",
            "Tags": OTHER_TAGS,
        },
        {"AssumeRolePolicyDocument": TRUST, "Path": "/shop/", "RoleName": "reader"},
        {"Arn": f"arn:aws:iam::{ACCOUNT}:role/shop/reader"},
    ),
    Life(
        "AWS::IAM::Policy",
        {"PolicyName": "extra", "PolicyDocument": ACCESS, "Roles": ["role"]},
        {"PolicyName": "extra", "PolicyDocument": {**ACCESS, "Id": "changed"}, "Roles": ["other"]},
        {"PolicyName": "renamed", "PolicyDocument": ACCESS, "Roles": ["role", "other"]},
    ),
    Life(
        "AWS::Logs::LogGroup",
        {"LogGroupName": "/aws/lambda/f", "RetentionInDays": "30", "Tags": TAGS},
        {"LogGroupName": "/aws/lambda/f", "RetentionInDays": 7, "Tags": OTHER_TAGS},
        {"LogGroupName": "/aws/lambda/f"},
        {"Arn": arn("logs", "log-group:/aws/lambda/f:*")},
    ),
    Life(
        "AWS::SQS::Queue",
        {
            "DelaySeconds": 1,
            "MaximumMessageSize": 2048,
            "MessageRetentionPeriod": 1209600,
            "QueueName": "work",
            "ReceiveMessageWaitTimeSeconds": 20,
            "RedrivePolicy": {"deadLetterTargetArn": arn("sqs", "failures"), "maxReceiveCount": 3},
            "SqsManagedSseEnabled": True,
            "Tags": TAGS,
            "VisibilityTimeout": 180,
        },
        {
            "DelaySeconds": 2,
            "KmsMasterKeyId": "alias/aws/sqs",
            "KmsDataKeyReusePeriodSeconds": 600,
            "MaximumMessageSize": 4096,
            "MessageRetentionPeriod": 60,
            "QueueName": "work",
            "ReceiveMessageWaitTimeSeconds": 10,
            "RedrivePolicy": {"deadLetterTargetArn": arn("sqs", "more"), "maxReceiveCount": 4},
            "SqsManagedSseEnabled": False,
            "Tags": OTHER_TAGS,
            "VisibilityTimeout": 90,
        },
        {"QueueName": "work"},
        {"Arn": arn("sqs", "work"), "QueueName": "work", "QueueUrl": queue("work")},
    ),
    Life(
        "AWS::SQS::QueuePolicy",
        {"PolicyDocument": TLS_ONLY, "Queues": [queue("failures")]},
        {"PolicyDocument": {**TLS_ONLY, "Id": "changed"}, "Queues": [queue("failures"), queue("more")]},
        {"PolicyDocument": TLS_ONLY, "Queues": [queue("more")]},
    ),
    Life(
        "AWS::SSM::Parameter",
        {
            "AllowedPattern": ".*",
            "DataType": "text",
            "Description": "Name of the stream.",
            "Name": "/shop/dev/streams/main/name",
            "Tags": {"system": "shop", "owner": ""},
            "Tier": "Standard",
            "Type": "String",
            "Value": "main",
        },
        {
            "AllowedPattern": "[a-z]*",
            "DataType": "text",
            "Description": "The stream.",
            "Name": "/shop/dev/streams/main/name",
            "Tags": {"system": "store", "stage": "dev"},
            "Tier": "Advanced",
            "Type": "String",
            "Value": "other",
        },
        {"Name": "/shop/dev/streams/main/name", "Type": "String", "Value": "other"},
        {"Type": "String", "Value": "main"},
    ),
    Life(
        "AWS::SNS::Topic",
        {
            "ContentBasedDeduplication": True,
            "DisplayName": "News",
            "FifoTopic": True,
            "Subscription": [{"Endpoint": arn("sqs", "failures"), "Protocol": "sqs"}],
            "Tags": TAGS,
            "TopicName": "updates.fifo",
        },
        {
            "ContentBasedDeduplication": False,
            "DisplayName": "Updates",
            "FifoTopic": True,
            "KmsMasterKeyId": "alias/aws/sns",
            "Subscription": [{"Endpoint": arn("sqs", "more"), "Protocol": "sqs"}],
            "Tags": OTHER_TAGS,
            "TopicName": "updates.fifo",
        },
        {"FifoTopic": True, "TopicName": "updates.fifo"},
        {"TopicArn": arn("sns", "updates.fifo"), "TopicName": "updates.fifo"},
    ),
    Life(
        "AWS::SNS::Subscription",
        {
            "Endpoint": arn("sqs", "failures"),
            "FilterPolicy": {"kind": ["bought"]},
            "FilterPolicyScope": "MessageBody",
            "Protocol": "sqs",
            "RawMessageDelivery": True,
            "TopicArn": arn("sns", "news"),
        },
        {
            "Endpoint": arn("sqs", "failures"),
            "FilterPolicy": {"kind": ["viewed"]},
            "FilterPolicyScope": "MessageAttributes",
            "Protocol": "sqs",
            "RawMessageDelivery": False,
            "TopicArn": arn("sns", "news"),
        },
        {"Endpoint": arn("sqs", "failures"), "Protocol": "sqs", "TopicArn": arn("sns", "news")},
    ),
    Life(
        "AWS::Events::Rule",
        {
            "Description": "Things.",
            "EventBusName": "shop",
            "EventPattern": {"source": ["shop"]},
            "Name": "things",
            "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/role",
            "State": "DISABLED",
            "Tags": TAGS,
            "Targets": [{"Id": "queue", "Arn": arn("sqs", "failures"), "InputPath": "$.detail"}],
        },
        {
            "Description": "Things!",
            "EventBusName": "shop",
            "EventPattern": {"source": ["store"]},
            "Name": "things",
            "State": "ENABLED",
            "Tags": OTHER_TAGS,
            "Targets": [{"Id": "function", "Arn": arn("lambda", "function:f")}],
        },
        {"EventBusName": "shop", "EventPattern": {"source": ["store"]}, "Name": "things"},
        {"Arn": arn("events", "rule/shop/things")},
    ),
    Life(
        "AWS::Events::EventBus",
        {"Name": "store", "Tags": TAGS},
        {"Name": "store", "Tags": OTHER_TAGS},
        {"Name": "store"},
        {"Arn": arn("events", "event-bus/store"), "Name": "store"},
    ),
    Life(
        "AWS::SecretsManager::Secret",
        {"Description": "A key.", "Name": "key", "SecretString": '{"a": 1}', "Tags": TAGS},
        {
            "Description": "The key.",
            "GenerateSecretString": {"SecretStringTemplate": "{}", "GenerateStringKey": "password"},
            "Name": "key",
            "Tags": OTHER_TAGS,
        },
        {"Name": "key"},
    ),
    Life(
        "AWS::CloudWatch::Alarm",
        {
            "ActionsEnabled": False,
            "AlarmActions": [arn("sns", "news")],
            "AlarmDescription": "Late.",
            "AlarmName": "late",
            "ComparisonOperator": "GreaterThanThreshold",
            "DatapointsToAlarm": 1,
            "Dimensions": DIMENSIONS,
            "EvaluationPeriods": 2,
            "InsufficientDataActions": [arn("sns", "news")],
            "MetricName": "IteratorAge",
            "Namespace": "AWS/Lambda",
            "OKActions": [arn("sns", "news")],
            "Period": 60,
            "Statistic": "Maximum",
            "Tags": TAGS,
            "Threshold": 1000,
            "TreatMissingData": "notBreaching",
            "Unit": "Milliseconds",
        },
        {
            "AlarmName": "late",
            "ComparisonOperator": "LessThanThreshold",
            "EvaluationPeriods": 3,
            "ExtendedStatistic": "p99",
            "MetricName": "Duration",
            "Namespace": "AWS/Lambda",
            "Period": 300,
            "Tags": OTHER_TAGS,
            "Threshold": 10,
        },
        {
            "AlarmName": "late",
            "ComparisonOperator": "GreaterThanThreshold",
            "EvaluationPeriods": 1,
            "Metrics": [
                {"Id": "e", "Expression": "m * 2", "Label": "twice", "ReturnData": True},
                {
                    "Id": "m",
                    "MetricStat": {
                        "Metric": {"MetricName": "Errors", "Namespace": "AWS/Lambda", "Dimensions": DIMENSIONS},
                        "Period": 60,
                        "Stat": "Sum",
                    },
                    "ReturnData": False,
                },
            ],
            "Threshold": 1,
        },
        {"Arn": arn("cloudwatch", "alarm:late")},
    ),
    Life("AWS::CloudFormation::WaitConditionHandle", {}, {}, {}),
]


def place(life: Life) -> Place:
    return Place("shop-dev", "Thing", REGION, ACCOUNT, "shop-dev-Thing-1A2B3C4D5E6F")


def same(declared: Any, held: Any) -> bool:
    """Whether they mean the same: tags in any order, numbers and truths also as text."""
    if isinstance(declared, list) and isinstance(held, list) and declared and "Key" in declared[0]:
        return sorted(declared, key=str) == sorted(held, key=str)
    if isinstance(declared, Mapping) and isinstance(held, Mapping):
        return declared.keys() == held.keys() and all(same(declared[key], held[key]) for key in declared)
    if isinstance(declared, list) and isinstance(held, list):
        return len(declared) == len(held) and all(map(same, declared, held))
    return str(declared).lower() == str(held).lower()


def assert_held(clients: Clients, of: ResourceType, held: Held, declared: dict[str, Any]) -> None:
    found = of.read(clients, held, declared)
    differing = {key: (declared[key], found.get(key)) for key in declared if not same(declared[key], found.get(key))}
    assert not differing


EXEMPT = {
    "AWS::Events::Rule": {"ScheduleExpression"},
    "AWS::Lambda::EventSourceMapping": {"ScalingConfig", "StartingPositionTimestamp"},
    "AWS::SQS::Queue": {"ContentBasedDeduplication", "DeduplicationScope", "FifoQueue", "FifoThroughputLimit"},
}
"""What goes with other sources or queues than those of the life above; they have tests of their own."""


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.type)
def test_every_held_property_is_read_back_through_its_whole_life(life: Life, clients: Clients) -> None:
    of = TYPES[life.type]
    assert life.first.keys() | life.second.keys() | life.least.keys() >= of.properties - EXEMPT.get(life.type, set())
    held = of.create(clients, place(life), life.first)
    assert {key: held.attributes[key] for key in life.attributes} == life.attributes
    assert_held(clients, of, held, life.first)
    last = life.first
    for changed in (life.second, life.least):
        if changed:
            held = of.update(clients, held, last, changed)
            assert_held(clients, of, held, changed)
            last = changed
    everything = {**life.first, **life.second, **life.least}
    cleared = of.read(clients, held, everything)
    of.delete(clients, held, last)
    assert not last or not still_there(clients, of, held, last)
    of.delete(clients, held, last)
    afresh = of.read(clients, of.create(clients, place(life), last), everything)
    assert told(cleared, life.type) == told(afresh, life.type)


LEFT = {"AWS::SecretsManager::Secret": {"Description", "SecretString"}, "AWS::SSM::Parameter": {"Tier"}}
"""What is not as in a new resource once it is declared no more: a parameter stays in its tier, in AWS too; a secret gets
a new random value, and the mock cannot take away its description."""


def told(found: Mapping[str, Any], of: str) -> dict[str, Any]:
    return {name: value for name, value in found.items() if value and name not in LEFT.get(of, ())}


def still_there(clients: Clients, of: ResourceType, held: Held, declared: dict[str, Any]) -> bool:
    try:
        found = of.read(clients, held, declared)
    except ClientError:
        return False
    return all(found.get(key) for key in declared)


OWN_TYPES = {
    name for name in TYPES if name.startswith(("AWS::Lambda", "AWS::IAM", "AWS::Logs", "AWS::SQS", "AWS::SSM"))
}
GENERATED = Path(__file__).parents[2] / "generated"


def test_every_property_that_compiled_templates_declare_is_held() -> None:
    declared = {
        (resource["Type"], name)
        for path in GENERATED.rglob("template.json")
        for resource in json.loads(path.read_text())["Resources"].values()
        if resource["Type"] in OWN_TYPES
        for name in resource.get("Properties", {})
    }
    assert {of for of, _ in declared} >= {"AWS::Lambda::Function", "AWS::SQS::QueuePolicy"}
    assert not {(of, name) for of, name in declared if name not in TYPES[of].properties}


def created(clients: Clients, of: str, properties: dict[str, Any]) -> Held:
    return TYPES[of].create(clients, Place("shop-dev", "Thing", REGION, ACCOUNT, f"{'long' * 30}-1A2B3C"), properties)


@pytest.mark.parametrize(
    ("of", "properties"),
    [
        ("AWS::SQS::Queue", {"FifoQueue": True, "ContentBasedDeduplication": True, "FifoThroughputLimit": "perQueue"}),
        ("AWS::SQS::Queue", {"FifoQueue": "true", "DeduplicationScope": "messageGroup"}),
        (
            "AWS::Lambda::EventSourceMapping",
            {**MAPPING, "StartingPosition": "AT_TIMESTAMP", "StartingPositionTimestamp": 1e9},
        ),
        (
            "AWS::Lambda::EventSourceMapping",
            {"EventSourceArn": arn("sqs", "more"), "FunctionName": "f", "ScalingConfig": {"MaximumConcurrency": 2}},
        ),
        ("AWS::Lambda::EventSourceMapping", {**MAPPING, "FunctionName": arn("lambda", "function:f")}),
        ("AWS::Lambda::Function", {**function_of("one.zip"), "Code": {"ZipFile": "def handler(e, c): return 1"}}),
        ("AWS::SSM::Parameter", {"Type": "StringList", "Value": "a,b"}),
        ("AWS::Lambda::Permission", {"Action": "lambda:InvokeFunction", "FunctionName": "f", "Principal": ACCOUNT}),
        ("AWS::Logs::LogGroup", {}),
        ("AWS::SNS::Topic", {}),
        ("AWS::IAM::Role", {"AssumeRolePolicyDocument": TRUST}),
    ],
)
def test_a_resource_without_a_name_gets_one_and_holds_what_is_declared(
    of: str, properties: dict[str, Any], clients: Clients
) -> None:
    assert_held(clients, TYPES[of], created(clients, of, properties), properties)


def test_a_generated_name_keeps_its_random_part_within_what_the_service_allows(clients: Clients) -> None:
    assert created(clients, "AWS::Lambda::Function", function_of("one.zip")).physical_id == "long" * 14 + "l-1A2B3C"


@pytest.mark.parametrize(
    ("of", "properties", "said"),
    [
        ("AWS::Lambda::Function", {**function_of("one.zip"), "Code": {"ImageUri": "image"}}, "ImageUri"),
        (
            "AWS::Lambda::Function",
            {**function_of("one.zip"), "TracingConfig": {"Mode": "Active", "Sampling": 1}},
            "TracingConfig.Sampling is not held",
        ),
        ("AWS::Lambda::Function", {**function_of("one.zip"), "Timeout": "soon"}, "Timeout must be a number"),
        ("AWS::Lambda::Function", {**function_of("one.zip"), "Architectures": "arm64"}, "Architectures must be a list"),
        (
            "AWS::SNS::Subscription",
            {"TopicArn": arn("sns", "news"), "Protocol": "email", "Endpoint": "a@b.example"},
            "email",
        ),
        (
            "AWS::Events::Rule",
            {"EventPattern": {"source": ["s"]}, "Targets": [{"Id": "1", "Arn": arn("states", "stateMachine:m")}]},
            "states",
        ),
        (
            "AWS::Events::Rule",
            {
                "EventPattern": {"source": ["s"]},
                "Targets": [{"Id": "1", "Arn": arn("sqs", "more"), "RetryPolicy": {"MaximumRetryAttempts": 1}}],
            },
            "Targets.RetryPolicy is not held",
        ),
    ],
)
def test_what_cannot_be_held_is_refused(of: str, properties: dict[str, Any], said: str, clients: Clients) -> None:
    with pytest.raises(NotHeldError, match=said):
        created(clients, of, properties)


def test_a_schedule_is_kept_though_nothing_fires_it(clients: Clients) -> None:
    of, properties = TYPES["AWS::Events::Rule"], {"ScheduleExpression": "rate(5 minutes)", "State": "ENABLED"}
    assert_held(clients, of, created(clients, of.name, properties), properties)
    assert "cncb invoke" in of.template_only["ScheduleExpression"]


def test_new_code_is_deployed_when_nothing_else_changes(clients: Clients) -> None:
    of, old, new = TYPES["AWS::Lambda::Function"], function_of("one.zip"), function_of("two.zip")
    held = created(clients, of.name, old)
    assert_held(clients, of, of.update(clients, held, old, new), new)


def test_changed_settings_show_when_a_resource_is_read(clients: Clients) -> None:
    properties = {**function_of("one.zip"), "Timeout": 30}
    held = created(clients, "AWS::Lambda::Function", properties)
    clients("lambda").update_function_configuration(FunctionName=held.physical_id, Timeout=31)
    clients("s3").put_object(Bucket="artifacts", Key="one.zip", Body=b"other")
    found = TYPES["AWS::Lambda::Function"].read(clients, held, properties)
    sha = base64.b64encode(hashlib.sha256(package("one.zip")).digest()).decode()
    assert (found["Timeout"], found["Code"]) == (31, {"CodeSha256": sha})


def test_a_package_is_fetched_from_where_get_function_says_as_it_was_deployed(services: Any, clients: Clients) -> None:
    clients("s3").delete_object(Bucket="artifacts", Key="one.zip")
    location = clients("lambda").get_function(FunctionName="f")["Code"]["Location"]
    assert location.startswith(f"{inprocess.HOST}/")
    answer = Client(services).get(location.removeprefix(inprocess.HOST))
    assert (answer.status_code, answer.data) == (200, package("one.zip"))
    assert [bucket["Name"] for bucket in clients("s3").list_buckets()["Buckets"]] == ["artifacts"]


def test_a_mapping_is_there_once_and_found_by_its_function_however_named(clients: Clients) -> None:
    held = created(clients, "AWS::Lambda::EventSourceMapping", MAPPING)
    client = clients("lambda")
    for name in ("f", arn("lambda", "function:f")):
        found = client.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
        assert [mapping["UUID"] for mapping in found] == [held.physical_id]
    assert client.list_event_source_mappings(FunctionName="g")["EventSourceMappings"] == []
    with pytest.raises(ClientError, match="ResourceConflictException"):
        created(clients, "AWS::Lambda::EventSourceMapping", MAPPING)
    with pytest.raises(ClientError, match="does not exist"):
        created(clients, "AWS::Lambda::EventSourceMapping", {**MAPPING, "EventSourceArn": arn("kinesis", "stream/no")})


def test_a_queue_keeps_its_policy_when_other_attributes_change(clients: Clients) -> None:
    policy = {"PolicyDocument": TLS_ONLY, "Queues": [queue("failures")]}
    held = created(clients, "AWS::SQS::QueuePolicy", policy)
    clients("sqs").set_queue_attributes(QueueUrl=queue("failures"), Attributes={"VisibilityTimeout": "60"})
    assert_held(clients, TYPES["AWS::SQS::QueuePolicy"], held, policy)


@dataclass
class Machine:
    """Stands for the machine that runs functions: it notes what it is asked to invoke."""

    asked: list[tuple[str, str, Any]]


@pytest.fixture
def machine() -> Iterator[Machine]:
    found = Machine([])

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            found.asked.append((self.path, self.headers["X-Amz-Invocation-Type"], content))
            self.send_response(202)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server, ExitStack() as stack:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        stack.callback(server.shutdown)
        url = f"http://127.0.0.1:{server.server_port}"
        machines.register(url, ["f"])
        stack.callback(machines.register, url, [])
        yield found


INVOKED = ("/2015-03-31/functions/f/invocations", "Event")


def test_the_mock_itself_invokes_nothing_for_a_mapping(clients: Clients, machine: Machine) -> None:
    for source in (MAPPING["EventSourceArn"], arn("sqs", "failures")):
        created(clients, "AWS::Lambda::EventSourceMapping", {**MAPPING, "EventSourceArn": source})
    clients("kinesis").put_record(StreamName="main", Data=b"{}", PartitionKey="1")
    clients("sqs").send_message(QueueUrl=queue("failures"), MessageBody="{}")
    assert machine.asked == []
    assert clients("sqs").receive_message(QueueUrl=queue("failures"))["Messages"][0]["Body"] == "{}"


def test_a_bucket_notifies_a_function_through_its_machine(clients: Clients, machine: Machine) -> None:
    notify = {"LambdaFunctionArn": arn("lambda", "function:f"), "Events": ["s3:ObjectCreated:*"]}
    clients("s3").put_bucket_notification_configuration(
        Bucket="artifacts", NotificationConfiguration={"LambdaFunctionConfigurations": [notify]}
    )
    clients("s3").put_object(Bucket="artifacts", Key="receipts/1", Body=b"x")
    [(path, kind, event)] = machine.asked
    assert (path, kind) == INVOKED
    assert event["Records"][0]["s3"]["object"]["key"] in ("receipts/1", "receipts%2F1")


def test_a_topic_notifies_a_function_of_what_was_published(clients: Clients, machine: Machine) -> None:
    topic = arn("sns", "news")
    subscription = {"Endpoint": arn("lambda", "function:f"), "Protocol": "lambda", "TopicArn": topic}
    created(clients, "AWS::SNS::Subscription", {**subscription, "FilterPolicy": {"kind": ["sold"]}})
    for kind in ("sold", "seen"):
        attributes = {"kind": {"DataType": "String", "StringValue": kind}}
        clients("sns").publish(TopicArn=topic, Message=f"it was {kind}", Subject="s", MessageAttributes=attributes)
    [(path, kind, event)] = machine.asked
    assert (path, kind) == INVOKED
    notification = event["Records"][0]["Sns"]
    assert (notification["TopicArn"], notification["Message"], notification["Subject"]) == (topic, "it was sold", "s")
    assert notification["MessageAttributes"] == {"kind": {"Type": "String", "Value": "sold"}}


def test_a_rule_delivers_events_to_each_kind_of_target(clients: Clients, machine: Machine) -> None:
    targets = [
        {"Id": "function", "Arn": arn("lambda", "function:f")},
        {"Id": "queue", "Arn": arn("sqs", "failures"), "InputPath": "$.detail"},
        {
            "Id": "stream",
            "Arn": arn("kinesis", "stream/main"),
            "KinesisParameters": {"PartitionKeyPath": "$.detail.id"},
        },
    ]
    created(clients, "AWS::Events::Rule", {"EventPattern": {"source": ["shop"]}, "Targets": targets})
    event = {"DetailType": "sold", "Detail": json.dumps({"id": "7"})}
    clients("events").put_events(Entries=[{**event, "Source": "shop"}, {**event, "Source": "store"}])
    [(path, kind, content)] = machine.asked
    assert (path, kind) == INVOKED
    assert (content["source"], content["detail-type"], content["detail"]) == ("shop", "sold", {"id": "7"})
    [message] = clients("sqs").receive_message(QueueUrl=queue("failures"))["Messages"]
    assert json.loads(message["Body"]) == {"id": "7"}
    stream = clients("kinesis")
    shard = stream.list_shards(StreamName="main")["Shards"][0]["ShardId"]
    iterator = stream.get_shard_iterator(StreamName="main", ShardId=shard, ShardIteratorType="TRIM_HORIZON")
    [record] = stream.get_records(ShardIterator=iterator["ShardIterator"])["Records"]
    assert (record["PartitionKey"], json.loads(record["Data"])["source"]) == ("7", "shop")


def test_a_function_that_no_machine_runs_holds_nobody_up(clients: Clients) -> None:
    created(
        clients,
        "AWS::SNS::Subscription",
        {"Endpoint": arn("lambda", "function:g"), "Protocol": "lambda", "TopicArn": arn("sns", "news")},
    )
    assert clients("sns").publish(TopicArn=arn("sns", "news"), Message="m")["MessageId"]


def test_mending_twice_is_mending_once(clients: Clients) -> None:
    from moto.awslambda.models import LambdaFunction

    before = LambdaFunction.__init__
    mend_all()
    assert LambdaFunction.__init__ is before
