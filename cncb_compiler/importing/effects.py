"""What functions do to things, by what they are allowed to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cncb_compiler.importing.intrinsics import logical_ids, properties
from cncb_compiler.importing.stack import Grant, Lambda, Stack

_PUBLISHING = {"kinesis": "stream", "sns": "topic", "sqs": "queue", "events": "events"}
WRITES = {
    "dynamodb": ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems", "PartiQL", "*"),
    "s3": ("PutObject", "DeleteObject", "*"),
}
READS = {
    "dynamodb": ("GetItem", "Query", "Scan", "BatchGetItem", "TransactGetItems", "*"),
    "s3": ("GetObject", "ListBucket", "*"),
}
_SENDS = ("PutRecord", "PutRecords", "Publish", "PublishBatch", "SendMessage", "SendMessageBatch", "PutEvents", "*")


def granted(function: Lambda) -> Iterator[Grant]:
    """The grants of a function; of a role that others have too, on what the function's own variables name."""
    mentioned = set(logical_ids(function.environment)) if function.shared else set()
    for grant in function.grants:
        if not mentioned or not grant.target.logical_id or grant.target.logical_id in mentioned:
            yield grant


def sent(grant: Grant) -> str | None:
    """The kind of thing that a grant allows to publish to."""
    for action in grant.actions:
        service, _, verb = action.partition(":")
        if service in _PUBLISHING and verb in _SENDS:
            return _PUBLISHING[service]
    return None


def is_one(action: str, wanted: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether an action is one of those that are wanted, by AWS's services."""
    service, _, verb = action.partition(":")
    return any(verb == one or (one != "*" and verb.startswith(one)) for one in wanted.get(service, ()))


def dead_letters(stack: Stack) -> set[str]:
    """The queues to which failures go."""
    found: set[str] = set()
    for resource in stack.resources.values():
        said = properties(resource)
        for key in ("RedrivePolicy", "DestinationConfig", "DeadLetterConfig", "DeadLetterQueue", "OnFailure"):
            found.update(name for name in logical_ids(said.get(key)) if stack.type_of(name) == "AWS::SQS::Queue")
    return found
