"""What a function's answer means for its batch: partial batch responses.

Source: AWS Lambda Developer Guide, "Configuring partial batch response with Kinesis Data Streams and Lambda" (and
DynamoDB), "Handling errors for an SQS event source in Lambda". An identifier that the batch does not have is documented
for SQS only, as a complete failure; it is taken as one for streams too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import orjson

from cncb_compiler.local.sources.batches import Outcome


class Invocation(Protocol):
    """What an invocation gives back: the function error or None, and the payload as JSON."""

    @property
    def error(self) -> str | None:
        """`Unhandled` and the like; None where the function returned."""

    @property
    def payload(self) -> bytes:
        """What the function returned, or its error."""


def failures(payload: bytes, identifiers: Sequence[str]) -> frozenset[str] | None:
    """The identifiers of the records that a function reports as failed. None: all did, for the answer is no report."""
    try:
        answer = orjson.loads(payload or b"null")
    except orjson.JSONDecodeError:
        return None
    if answer is None or answer == {} or answer == "":
        return frozenset()
    if not isinstance(answer, dict):
        return None
    reported = answer.get("batchItemFailures") or []
    if not isinstance(reported, list):
        return None
    named = [one.get("itemIdentifier") if isinstance(one, dict) else None for one in reported]
    known = set(identifiers)
    failed = [one for one in named if isinstance(one, str) and one in known]
    return frozenset(failed) if len(failed) == len(named) else None


def outcome(invocation: Invocation, sequences: Sequence[str], reports: bool) -> Outcome:
    """What became of a stream's batch. `reports` is whether the mapping declares ReportBatchItemFailures."""
    if invocation.error is not None:
        return Outcome(0, whole=True, error=invocation.error)
    failed = failures(invocation.payload, sequences) if reports else frozenset()
    if failed is None:
        return Outcome(0, whole=True)
    return Outcome(next((place for place, one in enumerate(sequences) if one in failed), len(sequences)))
