"""Running a pipeline over a batch of stream records.

The batch is pulled through the steps, so a slow sink slows the source. An event that cannot be handled
becomes a fault and the rest goes on. A record that is worth another attempt ends the pull: the source will
deliver it, and all that stands behind it, again, so going on would only do that work twice and out of order
(AWS Lambda: Configuring partial batch response with Kinesis Data Streams). So does the end of the invocation: no
record is begun that may not be finished.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from . import aws, deadline
from .batch_metrics import Batch
from .errors import is_transient
from .unit import Step, UnitOfWork, Work, attempt

if TYPE_CHECKING:
    from .redaction import Redaction

LOGGER = logging.getLogger(__name__)


def run(
    batch: Mapping[str, Any],
    context: object,
    decode: Work,
    pipeline: Sequence[Step],
    *,
    faults_to: str | None = None,
    redaction: Redaction | None = None,
) -> dict[str, list[Any]]:
    """Pull a batch through `pipeline`; answer with the record to begin again from, if any.

    Whoever invokes the function with the client context `{"custom": {"cncb": "report"}}`, as a replay does, is also
    told the ids of the `faults` that were published.

    `context` is Lambda's, which knows what is left of the invocation. `faults_to` is the environment variable that
    names the stream of fault events. Without it every error fails its record, until the source gives it up to its
    failure destination. `redaction` keeps what is sensitive out of faults.
    """
    with deadline.Invocation(context, aws.patience()), Batch(batch["Records"]) as counted:
        failed, faulted = _failed(batch["Records"], decode, pipeline, faults_to, redaction, counted)
    failures = [] if failed is None else _failures(batch["Records"], failed)
    if _reports(context):
        return {"batchItemFailures": failures, "faults": _fault_ids(batch["Records"], faulted)}
    return {"batchItemFailures": failures}


def _reports(context: object) -> bool:
    """Whether whoever has invoked the function wants to know more than a source does."""
    custom = getattr(getattr(context, "client_context", None), "custom", None)
    return isinstance(custom, dict) and custom.get("cncb") == "report"


def _fault_ids(records: Sequence[Mapping[str, Any]], faulted: Sequence[int]) -> list[str]:
    if not faulted:
        return []
    from .faults import fault_id_of

    return [fault_id_of(records[at], at) for at in faulted]


def _failed(
    records: Sequence[Mapping[str, Any]],
    decode: Work,
    pipeline: Sequence[Step],
    faults_to: str | None,
    redaction: Redaction | None,
    counted: Batch,
) -> tuple[int | None, list[int]]:
    """The position of the first record that has to be tried again, and those of the faults before it."""
    failed: list[int] = []
    faulted: dict[int, UnitOfWork] = {}

    def pull() -> Iterator[UnitOfWork]:
        for position, record in enumerate(records):
            # The first one is always begun, or a batch would never end.
            if position and deadline.over() is not None:
                failed.append(position)
                return
            yield from attempt(decode, UnitOfWork(record, position))

    units = counted.decoded(pull())
    for step in pipeline:
        units = counted.step(step, units)
    for unit in units:
        if unit.error is None:
            continue
        if faults_to is None or is_transient(unit.error):
            LOGGER.warning("record %s failed", unit.position, exc_info=unit.error)
            failed.append(unit.position)
            deadline.stop(unit.error)
        else:
            faulted.setdefault(unit.position, unit)
    if faults_to is not None and faulted:
        # Few calls ever publish a fault, and loading what that takes is a quarter of a cold start.
        from .faults import publish_faults

        # What stands behind a failed record comes again, and would be a fault twice.
        first = min(failed, default=len(records))
        failed += publish_faults(faults_to, [unit for at, unit in faulted.items() if at < first], redaction)
    first = min(failed, default=len(records))
    done = [at for at in faulted if at < first]
    counted.end(first, len(done))
    return first if failed else None, done


def _failures(records: Sequence[Mapping[str, Any]], first: int) -> list[dict[str, str]]:
    """A stream begins again at the record that is named; of a queue only those messages come again that are."""
    again = records[first:] if "messageId" in records[first] else records[first : first + 1]
    return [{"itemIdentifier": _identifier(record)} for record in again]


def _identifier(record: Mapping[str, Any]) -> str:
    if "messageId" in record:
        return str(record["messageId"])
    if "kinesis" in record:
        return str(record["kinesis"]["sequenceNumber"])
    return str(record["dynamodb"]["SequenceNumber"])
