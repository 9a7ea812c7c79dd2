"""The sums of time and size that rules and plans share; all durations are in seconds."""

from __future__ import annotations

DEFAULT_CALL_TIMEOUT = 2
"""How long one call of the AWS client may take, unless `retry.timeout` says otherwise."""

DEFAULT_ATTEMPTS = 3
"""How often a call is tried in all, unless `retry.attempts` says otherwise."""

BACKOFF_LIMIT = 20
"""The longest pause between two attempts (AWS SDKs and Tools Reference: Retry behavior, standard mode)."""

LAMBDA_TIMEOUT_LIMIT = 900
"""The longest an invocation may take (AWS Lambda: Quotas)."""

ROUTE_TIMEOUT_LIMIT = 29
"""The longest a function behind a route may take: then API Gateway has answered already (API Gateway: Quotas)."""

RECORD_AGE_LIMITS = (60, 604_800)
"""The maximum record ages that an event source mapping accepts (AWS Lambda: CreateEventSourceMapping)."""

TABLE_STREAM_RETENTION = 86_400
"""How long a table's stream keeps changes (DynamoDB: Change data capture with DynamoDB Streams)."""

ON_DEMAND_SHARDS = 4
"""How many shards a stream on demand has to begin with (Kinesis Data Streams: Choose the right mode)."""

PAYLOAD_LIMIT = 6 * 1024 * 1024
"""The most bytes that an invocation gets (AWS Lambda: Quotas, invocation payload)."""

STREAM_RETENTION_LIMITS = (24 * 3600, 8760 * 3600)
"""The retentions that a Kinesis stream accepts (Kinesis Data Streams: Change the data retention period)."""

FUNCTION_NAME_LIMIT = 64
"""The longest name of a function, in characters (AWS Lambda: CreateFunction, FunctionName)."""

STACK_NAME_LIMIT = 128
"""The longest name of a stack, in characters (AWS CloudFormation: CreateStack, StackName)."""


def pauses(attempts: int) -> tuple[int, ...]:
    """The longest pauses between attempts: after attempt n at most min(2^(n-1), 20), since the jitter only shortens.

    >>> pauses(3)
    (1, 2)
    """
    return tuple(min(1 << number, BACKOFF_LIMIT) for number in range(attempts - 1))


def patience(call_timeout: int, attempts: int) -> int:
    """The longest that one call may take with all of its attempts and the pauses between them.

    >>> patience(2, 3)
    9
    """
    return call_timeout * attempts + sum(pauses(attempts))


def patience_shown(call_timeout: int, attempts: int) -> str:
    """The sum of `patience`, written out.

    >>> patience_shown(2, 3)
    '3 x 2s + (1s + 2s) = 9s'
    """
    between = " + ".join(f"{pause}s" for pause in pauses(attempts)) or "0s"
    return f"{attempts} x {call_timeout}s + ({between}) = {patience(call_timeout, attempts)}s"


def duration_shown(seconds: int) -> str:
    """A number of seconds in the largest unit that holds it whole: `90s`, `15m`, `24h`, `30d`.

    >>> duration_shown(172800), duration_shown(90)
    ('2d', '90s')
    """
    for unit, size in (("d", 86_400), ("h", 3600), ("m", 60)):
        if seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
