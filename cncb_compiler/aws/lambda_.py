"""Functions: each with its own role and log group, code by content hash, settings in the environment."""

from __future__ import annotations

from typing import Any

from cncb_compiler.aws import naming
from cncb_compiler.aws.environment import environment
from cncb_compiler.aws.iam import role
from cncb_compiler.aws.stack import Stack
from cncb_compiler.aws.values import Resource, Skip, get_att, literal, ref, resource, shortened, sub
from cncb_compiler.plan.function import FunctionPlan, ScheduleTrigger

HANDLER = "handler.handler"
"""The module and function that Lambda calls in every generated package."""

ARCHITECTURE = "arm64"
DESCRIPTION_LIMIT = 256
"""The longest description of a function, in characters (AWS Lambda: CreateFunction)."""

_NO_RESERVE = ("CKV_AWS_115", "Concurrency is reserved only where `concurrency` is declared.")
_NO_QUEUE = (
    "CKV_AWS_116",
    "Called synchronously, or by an event source mapping, which has the failure queue.",
)
_NO_NETWORK = ("CKV_AWS_117", "Uses AWS APIs only, over TLS; a VPC would add nothing to reach or to protect.")
_NO_KEY = ("CKV_AWS_173", "The environment holds names and settings, never secrets.")
_NO_LOG_KEY = ("CKV_AWS_158", "Logs are encrypted by CloudWatch; what is sensitive is kept out of them.")


def function_resources(stack: Stack, function: FunctionPlan, package: str) -> dict[str, Resource]:
    """The function with its role and log group, by logical id. `package`: the hash of its content."""
    declaration = str(function.at)
    return {
        naming.role_id(function.name): role(stack, function, declaration),
        naming.log_group_id(function.name): log_group(
            stack,
            f"/aws/lambda/{_physical_name(stack, function)}",
            function.settings.log_retention_days,
            declaration,
            function.pattern,
        ),
        naming.function_id(function.name): _function(stack, function, package, declaration),
    }


def log_group(stack: Stack, name: str, retention_days: int, declaration: str, pattern: str) -> Resource:
    """A log group; `name` may hold references for Fn::Sub."""
    return resource(
        "AWS::Logs::LogGroup",
        {"LogGroupName": sub(name), "RetentionInDays": retention_days, "Tags": stack.tags},
        declaration,
        pattern,
        (_NO_LOG_KEY,),
        retain=False,
    )


def _physical_name(stack: Stack, function: FunctionPlan) -> str:
    return naming.function_name(stack.plan.system, stack.plan.service, function.name, f"${{{naming.STAGE}}}")


def _function(stack: Stack, function: FunctionPlan, package: str, declaration: str) -> Resource:
    plan, settings = stack.plan, function.settings
    properties: dict[str, Any] = {"FunctionName": sub(_physical_name(stack, function))}
    if function.description:
        properties["Description"] = literal(shortened(function.description, DESCRIPTION_LIMIT))
    properties |= {
        "Runtime": settings.runtime,
        "Architectures": [ARCHITECTURE],
        "Handler": HANDLER,
        "Code": {
            "S3Bucket": ref(naming.ARTIFACT_BUCKET),
            "S3Key": f"{plan.system}/{plan.service}/{function.name}/{package}.zip",
        },
        "Role": get_att(naming.role_id(function.name), "Arn"),
        "MemorySize": settings.memory,
        "Timeout": settings.timeout,
        "LoggingConfig": {
            "LogFormat": "JSON",
            "ApplicationLogLevel": settings.log_level,
            "LogGroup": ref(naming.log_group_id(function.name)),
        },
        "TracingConfig": {"Mode": "Active"},
        "Environment": {"Variables": environment(stack, function)},
    }
    skips: list[Skip] = []
    if settings.concurrency is not None:
        properties["ReservedConcurrentExecutions"] = settings.concurrency
    else:
        skips.append(_NO_RESERVE)
    if any(isinstance(trigger, ScheduleTrigger) for trigger in function.triggers):
        # The clock calls asynchronously: Lambda itself retries, then drops what has no queue.
        properties["DeadLetterConfig"] = {"TargetArn": get_att(naming.FAILURE_QUEUE, "Arn")}
    else:
        skips.append(_NO_QUEUE)
    properties["Tags"] = stack.tags
    skips += [_NO_NETWORK, _NO_KEY]
    return resource("AWS::Lambda::Function", properties, declaration, function.pattern, tuple(skips))
