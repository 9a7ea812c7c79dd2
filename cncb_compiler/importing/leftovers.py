"""What of a stack a topology does not say: what cncb derives by itself, and what it has no word for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container

from cncb_compiler.importing.intrinsics import properties
from cncb_compiler.importing.stack import Stack
from cncb_compiler.importing.values import Notes

_UNDERSTOOD = frozenset({
    "AWS::Lambda::Function", "AWS::Serverless::Function", "AWS::Lambda::EventSourceMapping", "AWS::Kinesis::Stream",
    "AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable", "AWS::Serverless::SimpleTable", "AWS::S3::Bucket",
    "AWS::SQS::Queue", "AWS::SNS::Topic", "AWS::SNS::Subscription", "AWS::Events::EventBus", "AWS::Events::Rule",
    "AWS::Scheduler::Schedule", "AWS::ApiGatewayV2::Route", "AWS::ApiGateway::Method",
})  # fmt: skip
_DERIVED = frozenset({
    "AWS::IAM::Role", "AWS::IAM::Policy", "AWS::Logs::LogGroup", "AWS::Logs::LogStream", "AWS::Lambda::Permission",
    "AWS::Lambda::Version", "AWS::Lambda::Alias", "AWS::ApiGatewayV2::Api", "AWS::ApiGatewayV2::Stage",
    "AWS::ApiGatewayV2::Integration", "AWS::ApiGateway::RestApi", "AWS::ApiGateway::Resource", "AWS::ApiGateway::Stage",
    "AWS::ApiGateway::Deployment", "AWS::ApiGateway::Account", "AWS::Serverless::Api", "AWS::Serverless::HttpApi",
    "AWS::SQS::QueuePolicy", "AWS::S3::BucketPolicy", "AWS::SNS::TopicPolicy", "AWS::SSM::Parameter",
    "AWS::ApplicationAutoScaling::ScalableTarget", "AWS::ApplicationAutoScaling::ScalingPolicy",
    "AWS::CloudFormation::WaitConditionHandle", "AWS::CDK::Metadata",
})  # fmt: skip
"""What cncb makes by itself, or makes otherwise, of what a topology declares."""

_CARRIED = frozenset({
    "Handler", "Runtime", "MemorySize", "Timeout", "ReservedConcurrentExecutions", "Role", "Policies", "Events", "Code",
    "CodeUri", "InlineCode", "FunctionName", "Description", "Tags", "PackageType", "LoggingConfig", "TracingConfig",
    "Tracing", "Architectures", "RecursiveLoop",
})  # fmt: skip


_SILENT = frozenset({"AWS::SQS::Queue", "AWS::SNS::Topic", "AWS::Events::EventBus"})
"""What is only in a topology by the events that travel on it."""


def note_leftovers(stack: Stack, idle: Container[str], dead_letters: Container[str], notes: Notes) -> None:
    """Note what is derived, in one note, and what is left out, each kind once.

    `idle` are the resources that nothing was found to use, `dead_letters` the queues that failures go to.
    """
    derived: Counter[str] = Counter()
    for name, resource in stack.resources.items():
        kind = str(resource["Type"])
        if kind in _DERIVED or name in dead_letters:
            derived[kind.removeprefix("AWS::")] += 1
        elif kind not in _UNDERSTOOD or (kind in _SILENT and name in idle):
            notes.count(resource, kind, "is left out; raw resources may stand under `resources` of the service.")
    if derived and stack.resources:
        listed = ", ".join(f"{count} {kind}" for kind, count in sorted(derived.items()))
        first = next(iter(stack.resources.values()))
        notes.add(first, None, f"cncb derives its own instead of: {listed}.")
    for function in stack.functions.values():
        said = properties(function.at) if "Properties" in function.at else function.at
        for key in said:
            if "Properties" in function.at and key not in _CARRIED and key != "Environment":
                notes.count(said, key, "of functions is left out.")
        if function.environment:
            message = "of functions are left out, as they may be secret; what refers to resources is derived."
            notes.count(said, "Environment", message)
