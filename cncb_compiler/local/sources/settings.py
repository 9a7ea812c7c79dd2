"""What event source mappings declare, as Lambda's API tells it.

Source: AWS Lambda API Reference, EventSourceMappingConfiguration and CreateEventSourceMapping.
"""

from __future__ import annotations

from collections.abc import Mapping as Fields
from dataclasses import dataclass
from typing import Any

from cncb_compiler.local.sources import filters
from cncb_compiler.local.sources.batches import Policy
from cncb_compiler.target.problems import Problem

SOURCES = ("kinesis", "dynamodb", "sqs")

_REFUSED = {
    "TumblingWindowInSeconds": "tumbling windows",
    "SelfManagedEventSource": "self-managed Kafka",
    "AmazonManagedKafkaEventSourceConfig": "Kafka",
    "DocumentDBEventSourceConfig": "DocumentDB",
    "KMSKeyArn": "encrypted filter criteria",
}


@dataclass(frozen=True, slots=True)
class EventSourceMapping:
    """One mapping. `position` is TRIM_HORIZON, LATEST or AT_TIMESTAMP (then `timestamp`, seconds since the epoch).

    `role` is the function's, which records of Kinesis name.
    """

    uuid: str
    function_arn: str
    source_arn: str
    source: str
    policy: Policy
    patterns: tuple[filters.Pattern, ...] = ()
    destination: str | None = None
    position: str = "TRIM_HORIZON"
    timestamp: float = 0
    role: str = ""

    @property
    def function(self) -> str:
        """The function's name."""
        return self.function_arn.split(":")[6]

    @property
    def stream_arn(self) -> str:
        """The ARN of the stream; of an enhanced fan-out consumer, the ARN of what it reads."""
        return self.source_arn.split("/consumer/")[0]

    @property
    def resource(self) -> str:
        """The name of the stream, table or queue."""
        return self.source_arn.split(":")[5].split("/")[1] if self.source != "sqs" else self.source_arn.split(":")[5]


def mapping_of(told: Fields[str, Any]) -> EventSourceMapping:
    """A mapping from what ListEventSourceMappings says. Raises Problem for what this machine does not play."""
    arn = told.get("EventSourceArn", "")
    source = arn.split(":")[2] if arn.count(":") >= 5 else ""
    function = told["FunctionArn"]
    if source not in SOURCES:
        raise _refused(function, f"event source {arn or 'without an ARN'}")
    for field, words in _REFUSED.items():
        if told.get(field):
            raise _refused(function, words)
    position = told.get("StartingPosition", "TRIM_HORIZON")
    timestamp = told.get("StartingPositionTimestamp")
    if position == "AT_TIMESTAMP" and (timestamp is None or source == "dynamodb"):
        raise Problem(
            f"The mapping of {function} has no usable StartingPositionTimestamp.",
            "AT_TIMESTAMP needs one, and is for Kinesis only.",
        )
    return EventSourceMapping(
        uuid=told["UUID"],
        function_arn=function,
        source_arn=arn,
        source=source,
        policy=_policy(told, source),
        patterns=filters.patterns(told.get("FilterCriteria"), source),
        destination=((told.get("DestinationConfig") or {}).get("OnFailure") or {}).get("Destination"),
        position=position,
        timestamp=_seconds(timestamp),
    )


def enabled(told: Fields[str, Any]) -> bool:
    """Whether a mapping is to run."""
    return told.get("State", "Enabled") not in ("Disabled", "Disabling", "Deleting")


def _policy(told: Fields[str, Any], source: str) -> Policy:
    def number(field: str, default: int) -> int:
        value = told.get(field)
        return default if value is None else int(value)

    return Policy(
        batch_size=number("BatchSize", 10 if source == "sqs" else 100),
        window=number("MaximumBatchingWindowInSeconds", 0),
        parallelisation=number("ParallelizationFactor", 1),
        retries=number("MaximumRetryAttempts", -1),
        max_age=number("MaximumRecordAgeInSeconds", -1),
        bisect=bool(told.get("BisectBatchOnFunctionError")),
        reports="ReportBatchItemFailures" in (told.get("FunctionResponseTypes") or ()),
    )


def _seconds(timestamp: Any) -> float:
    if timestamp is None:
        return 0
    return float(timestamp.timestamp()) if hasattr(timestamp, "timestamp") else float(timestamp)


def _refused(function: str, words: str) -> Problem:
    return Problem(
        f"The event source mapping of {function} uses {words}, which this machine does not play.",
        "Deploy that service to AWS, or leave it out here.",
    )
