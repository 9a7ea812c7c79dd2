"""A distributed replay: the same replay as a Step Functions distributed map over the lake's objects.

An engine that exists does the fan-out, keeps how far each object has come, and goes on after a failure (AWS Step
Functions: Using Map state in Distributed mode; Redriving Map Runs). The worker is the replay's own core.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cncb_compiler.deploy.artifacts import zipped
from cncb_compiler.digests import sha256_of
from cncb_compiler.replay.asked import Listener
from cncb_compiler.replay.lines import Source
from cncb_compiler.replay.state import Question
from cncb_compiler.replay.worker import SPARE_SECONDS
from cncb_compiler.target.problems import Problem

MODULES = ("batches", "lake", "lines", "patience", "replaying", "selection", "sending", "worker")
"""What travels: the worker, and what it imports."""
PACKAGE = "cncb_replay"
WORKER_SECONDS = 900
"""The longest that a function may take (AWS Lambda: quotas)."""
MEMORY = 512
LOG_DAYS = 30
LABEL = "lake"
"""What the ARNs of the map's runs are known by."""
BUCKET = "ArtifactBucket"
"""The parameter that names the bucket with the worker's package."""

_PASSING = (
    "Lambda.ClientExecutionTimeoutException",
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
    "Lambda.Unknown",
    "Sandbox.Timedout",
)
"""What is tried again (AWS Step Functions: Handle transient Lambda service exceptions); also a worker cut off."""


@dataclass(frozen=True, slots=True)
class Distributed:
    """What is deployed: a stack, and the worker's package under its key in the artifact bucket."""

    name: str
    template: dict[str, Any]
    key: str
    package: bytes


def distributed(question: Question, to: Listener, sources: Mapping[str, Source], at_once: int) -> Distributed:
    """The replay as a stack; `at_once` objects are replayed at a time. Raises Problem."""
    timeout = to.plan.settings.timeout
    if timeout > WORKER_SECONDS - 2 * SPARE_SECONDS:
        raise Problem(
            f"{to} may take {timeout} s, and a worker that waits for it has {WORKER_SECONDS} s in all.",
            "Shorten the function's `timeout`, or replay without --distributed.",
        )
    told = {
        **question.as_json(),
        "most": to.batch_size,
        "attempts": to.attempts,
        "timeout": timeout,
        "sources": {stream: list(source) for stream, source in sorted(sources.items())},
    }
    package = zipped(_files(told))
    name = f"replay-{question.function}"
    key = f"cncb-replay/{question.function}/{sha256_of(package)[:16]}.zip"
    return Distributed(name, template(name, question, key, at_once, to.plan.settings.runtime), key, package)


def template(name: str, question: Question, key: str, at_once: int, runtime: str) -> dict[str, Any]:
    """The CloudFormation template: state machine, worker, their roles, a log group."""
    bucket = {"Fn::Sub": f"arn:${{AWS::Partition}}:s3:::{question.bucket}"}
    objects = {"Fn::Sub": f"arn:${{AWS::Partition}}:s3:::{question.bucket}/*"}
    function = _arn("lambda", f"function:{question.function}")
    executions = [_arn("states", f"execution:{name}:*"), _arn("states", f"execution:{name}/{LABEL}:*")]
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": f"cncb: a replay of {question.bucket} to {question.function}. To be deleted when it is done.",
        "Parameters": {BUCKET: {"Type": "String", "Description": "The bucket with the worker's package"}},
        "Resources": {
            "Machine": {
                "Type": "AWS::StepFunctions::StateMachine",
                "Properties": {
                    "StateMachineName": name,
                    "StateMachineType": "STANDARD",
                    "RoleArn": _att("MachineRole"),
                    "Definition": definition(question.bucket, at_once),
                    "DefinitionSubstitutions": {"Worker": _att("Worker")},
                },
            },
            "MachineRole": _role(
                "states.amazonaws.com",
                _allow(["s3:ListBucket"], bucket),
                _allow(["lambda:InvokeFunction"], _att("Worker")),
                _allow(["states:StartExecution"], _arn("states", f"stateMachine:{name}")),
                _allow(["states:DescribeExecution", "states:RedriveExecution", "states:StopExecution"], executions),
            ),
            "Worker": {
                "Type": "AWS::Lambda::Function",
                "Properties": {
                    "Description": f"Replays one object of the lake to {question.function}."[:256],
                    "Runtime": runtime,
                    "Architectures": ["arm64"],
                    "Handler": f"{PACKAGE}.worker.handler",
                    "Code": {"S3Bucket": {"Ref": BUCKET}, "S3Key": key},
                    "Role": _att("WorkerRole"),
                    "MemorySize": MEMORY,
                    "Timeout": WORKER_SECONDS,
                    "LoggingConfig": {"LogFormat": "JSON", "LogGroup": {"Ref": "WorkerLogGroup"}},
                },
            },
            "WorkerRole": _role(
                "lambda.amazonaws.com",
                _allow(["s3:ListBucket"], bucket),
                _allow(["s3:GetObject"], objects),
                _allow(["lambda:InvokeFunction"], function),
                _allow(["logs:CreateLogStream", "logs:PutLogEvents"], _att("WorkerLogGroup")),
            ),
            "WorkerLogGroup": {
                "Type": "AWS::Logs::LogGroup",
                "DeletionPolicy": "Delete",
                "UpdateReplacePolicy": "Delete",
                "Properties": {"LogGroupName": f"/cncb/{name}", "RetentionInDays": LOG_DAYS},
            },
        },
        "Outputs": {"MachineArn": {"Description": "What is started for each prefix", "Value": {"Ref": "Machine"}}},
    }


def definition(bucket: str, at_once: int) -> dict[str, Any]:
    """The state machine: its input is `{"prefix": ...}`; each object has an execution, which goes on until it is done.

    (Amazon States Language: Map state, ItemReader.)
    """
    worker = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": "${Worker}", "Payload.$": "$"},
        "OutputPath": "$.Payload",
        "Retry": [
            {
                "ErrorEquals": list(_PASSING),
                "IntervalSeconds": 2,
                "MaxAttempts": 8,
                "BackoffRate": 2,
                "MaxDelaySeconds": 120,
                "JitterStrategy": "FULL",
            }
        ],
        "Next": "Done?",
    }
    more = {
        "Type": "Choice",
        "Choices": [{"Variable": "$.done", "BooleanEquals": True, "Next": "Replayed"}],
        "Default": "Replay",
    }
    return {
        "Comment": "Each object of the lake to one function",
        "StartAt": "Objects",
        "States": {
            "Objects": {
                "Type": "Map",
                "Label": LABEL,
                "ItemReader": {
                    "Resource": "arn:aws:states:::s3:listObjectsV2",
                    "Parameters": {"Bucket": bucket, "Prefix.$": "$.prefix"},
                },
                "ItemSelector": {"key.$": "$$.Map.Item.Value.Key", "line": 0, "handled": 0, "faulted": 0},
                "MaxConcurrency": at_once,
                "ItemProcessor": {
                    "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                    "StartAt": "Replay",
                    "States": {"Replay": worker, "Done?": more, "Replayed": {"Type": "Succeed"}},
                },
                # The counts are in the executions; together they would be more than a state may hold.
                "ResultPath": None,
                "End": True,
            }
        },
    }


def _files(question: Mapping[str, Any]) -> dict[str, bytes]:
    folder = Path(__file__).parent
    files = {f"{PACKAGE}/{name}.py": (folder / f"{name}.py").read_bytes() for name in MODULES}
    written = json.dumps(question, indent=2, sort_keys=True).encode()
    return {f"{PACKAGE}/__init__.py": b"", f"{PACKAGE}/question.json": written, **files}


def _role(service: str, *statements: dict[str, Any]) -> dict[str, Any]:
    trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
            "Policies": [
                {"PolicyName": "replay", "PolicyDocument": {"Version": "2012-10-17", "Statement": list(statements)}}
            ],
        },
    }


def _allow(actions: list[str], resource: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resource}


def _arn(service: str, resource: str) -> dict[str, str]:
    return {"Fn::Sub": f"arn:${{AWS::Partition}}:{service}:${{AWS::Region}}:${{AWS::AccountId}}:{resource}"}


def _att(logical_id: str) -> dict[str, list[str]]:
    return {"Fn::GetAtt": [logical_id, "Arn"]}
