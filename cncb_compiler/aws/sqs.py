"""Queues: that of a service's failures, and those by which messages leave the system."""

from __future__ import annotations

from cncb_compiler.aws import naming
from cncb_compiler.aws.stack import Stack
from cncb_compiler.aws.values import Resource, Value, get_att, ref, resource
from cncb_compiler.plan.assets import Queue
from cncb_compiler.plan.function import BucketTrigger, FunctionPlan, ScheduleTrigger, StreamTrigger, TableTrigger

RETENTION_SECONDS = 14 * 24 * 3600
"""The longest that SQS keeps a message (Amazon SQS: MessageRetentionPeriod)."""

QUEUE_SECONDS = 4 * 24 * 3600
"""How long a message waits for its receiver: shorter than it is kept once given up, which counts from its sending."""

RECEIVES = 5
"""How often a message may be received without being deleted, until its receiver is taken to have given it up."""

PATTERN = "failure-queue"
QUEUE_PATTERN = "queue"
_SKIPS = (
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


def failure_queue_resources(stack: Stack) -> dict[str, Resource]:
    """The one failure queue of a service and its policy, by logical id: where records go that a function gives up."""
    properties = {"MessageRetentionPeriod": RETENTION_SECONDS}
    return queue(stack, naming.FAILURE_QUEUE, properties, str(stack.plan.at), PATTERN, retain=False)


def queue_resources(stack: Stack, plan: Queue) -> dict[str, Resource]:
    """A queue, the queue of the messages that its receivers give up, and the policies of both, by logical id.

    A FIFO queue counts order and duplicates by group, which is its high throughput (Amazon SQS: High throughput for
    FIFO queues).
    """
    logical_id, dead_letters = naming.asset_id(plan.asset), naming.dead_letters_id(plan.asset)
    declaration = str(plan.at)
    fifo: dict[str, Value] = {}
    if plan.fifo:
        fifo = {
            "DeduplicationScope": "messageGroup",
            "FifoQueue": True,
            "FifoThroughputLimit": "perMessageGroupId",
        }
    redrive = {"deadLetterTargetArn": get_att(dead_letters, "Arn"), "maxReceiveCount": RECEIVES}
    kept = {**fifo, "MessageRetentionPeriod": QUEUE_SECONDS, "RedrivePolicy": redrive}
    given_up = {**fifo, "MessageRetentionPeriod": RETENTION_SECONDS}
    return {
        **queue(stack, logical_id, kept, declaration, QUEUE_PATTERN, retain=True),
        **queue(stack, dead_letters, given_up, declaration, QUEUE_PATTERN, retain=True),
    }


def queue(
    stack: Stack,
    logical_id: str,
    properties: dict[str, Value],
    declaration: str,
    pattern: str,
    *,
    retain: bool,
    statements: tuple[Value, ...] = (),
) -> dict[str, Resource]:
    """A queue, encrypted, and its policy: reached by TLS only, and by whom the `statements` let in."""
    statement = {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sqs:*",
        "Resource": get_att(logical_id, "Arn"),
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return {
        logical_id: resource(
            "AWS::SQS::Queue",
            {**properties, "SqsManagedSseEnabled": True, "Tags": stack.tags},
            declaration,
            pattern,
            _SKIPS,
            retain=retain,
        ),
        naming.queue_policy_id(logical_id): resource(
            "AWS::SQS::QueuePolicy",
            {
                "Queues": [ref(logical_id)],
                "PolicyDocument": {"Version": "2012-10-17", "Statement": [*statements, statement]},
            },
            declaration,
            pattern,
        ),
    }
