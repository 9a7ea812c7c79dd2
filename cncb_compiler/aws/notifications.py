"""Word of a bucket's objects: S3 tells a queue, and one function reads it.

A queue, and no call of the function by S3 itself: it gathers objects for one bulk request, holds them back while the
index is down, and leaves what cannot be indexed in the failure queue. (Book: a topic, for several listeners. Here
each object has one; S3 tells further ones by EventBridge, beside this.)
"""

from __future__ import annotations

from typing import Any

from cncb_compiler.aws import naming
from cncb_compiler.aws.sqs import RETENTION_SECONDS, queue
from cncb_compiler.aws.stack import Stack
from cncb_compiler.aws.values import Resource, Value, get_att, ref, resource
from cncb_compiler.plan.assets import Asset
from cncb_compiler.plan.function import BucketTrigger, FunctionPlan
from cncb_compiler.plan.service import ServicePlan

EVENTS = ("s3:LifecycleExpiration:*", "s3:ObjectCreated:*", "s3:ObjectRemoved:*")
READ_ACTIONS = ("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage")
BATCH_SIZE = 10
"""The most messages of a batch that nothing is waited for (AWS Lambda: Using Lambda with Amazon SQS)."""
RECEIVES = 10
"""How often a message is worked on before it goes to the failure queue."""
TIMEOUTS = 6
"""For how many timeouts of the function a message is hidden (AWS Lambda: Using Lambda with Amazon SQS)."""


def queue_arn(bucket: Asset) -> Value:
    """The ARN of the queue that S3 tells of a bucket's objects."""
    return get_att(naming.word_queue_id(bucket), "Arn")


def is_told_of(plan: ServicePlan, bucket: Asset) -> bool:
    """Whether some function listens to what becomes of a bucket's objects."""
    listening = (trigger for function in plan.functions for trigger in function.triggers)
    return any(isinstance(trigger, BucketTrigger) and trigger.bucket == bucket for trigger in listening)


def notifications(bucket: Asset) -> dict[str, Any]:
    """The notification configuration of a bucket."""
    return {"QueueConfigurations": [{"Event": event, "Queue": queue_arn(bucket)} for event in EVENTS]}


def word_resources(stack: Stack, function: FunctionPlan, trigger: BucketTrigger) -> dict[str, Resource]:
    """The queue, who may use it, and the mapping by which the function reads it."""
    word = naming.word_queue_id(trigger.bucket)
    declaration, pattern = str(function.at), function.pattern
    # The bucket needs the queue before it is there itself, so its own ARN cannot be said.
    from_here = {"StringEquals": {"aws:SourceAccount": ref("AWS::AccountId")}}
    told = {
        "Sid": "ToldByS3",
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue_arn(trigger.bucket),
        "Condition": from_here,
    }
    properties = {
        "MessageRetentionPeriod": RETENTION_SECONDS,
        "RedrivePolicy": {"deadLetterTargetArn": get_att(naming.FAILURE_QUEUE, "Arn"), "maxReceiveCount": RECEIVES},
        "VisibilityTimeout": TIMEOUTS * function.settings.timeout,
    }
    return {
        **queue(stack, word, properties, declaration, pattern, retain=False, statements=(told,)),
        naming.mapping_id(function.name, trigger.bucket): resource(
            "AWS::Lambda::EventSourceMapping",
            {
                "EventSourceArn": queue_arn(trigger.bucket),
                "FunctionName": ref(naming.function_id(function.name)),
                "BatchSize": BATCH_SIZE,
                "FunctionResponseTypes": ["ReportBatchItemFailures"],
                "Tags": stack.tags,
            },
            declaration,
            pattern,
        ),
    }
