"""The failure queue: where records go that a function could not work on, so that its stream moves on."""

from __future__ import annotations

from typing import Any

from cncb_compiler.aws import naming
from cncb_compiler.aws.stack import Stack
from cncb_compiler.aws.values import Resource, Value, get_att, ref, resource
from cncb_compiler.plan.function import BucketTrigger, FunctionPlan, ScheduleTrigger, StreamTrigger, TableTrigger

RETENTION_SECONDS = 14 * 24 * 3600
"""The longest that SQS keeps a message (Amazon SQS: MessageRetentionPeriod)."""

PATTERN = "failure-queue"
QUEUE_SKIPS = (
    (
        "CKV_AWS_27",
        "Encrypted with the keys that SQS manages (SqsManagedSseEnabled), which this check does not know.",
    ),
)


def needs_failure_queue(function: FunctionPlan) -> bool:
    """Whether the function is called by something that would drop what fails: a stream, a queue, or the clock."""
    return sends_failures(function) or any(isinstance(trigger, BucketTrigger) for trigger in function.triggers)


def sends_failures(function: FunctionPlan) -> bool:
    """Whether what fails goes to the failure queue in the name of the function. A queue moves its own messages."""
    return any(isinstance(trigger, (StreamTrigger, TableTrigger, ScheduleTrigger)) for trigger in function.triggers)


def tls_only(queue_arn: Value) -> dict[str, Any]:
    """The statement of a queue's policy by which nobody comes without TLS."""
    return {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sqs:*",
        "Resource": queue_arn,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def failure_queue_resources(stack: Stack) -> dict[str, Resource]:
    """The one failure queue of a service and its policy, by logical id."""
    queue_arn = get_att(naming.FAILURE_QUEUE, "Arn")
    declaration = str(stack.plan.at)
    return {
        naming.FAILURE_QUEUE: resource(
            "AWS::SQS::Queue",
            {
                "MessageRetentionPeriod": RETENTION_SECONDS,
                "SqsManagedSseEnabled": True,
                "Tags": stack.tags,
            },
            declaration,
            PATTERN,
            QUEUE_SKIPS,
            retain=False,
        ),
        naming.FAILURE_QUEUE_POLICY: resource(
            "AWS::SQS::QueuePolicy",
            {
                "Queues": [ref(naming.FAILURE_QUEUE)],
                "PolicyDocument": {"Version": "2012-10-17", "Statement": [tls_only(queue_arn)]},
            },
            declaration,
            PATTERN,
        ),
    }
