"""Fault events: the stream circuit breaker (book: "Handling faults").

A fault carries the unit of work that could not be handled, so that its record can be sent to the function again
once the cause is mended. Its id comes from the record: a batch that is tried again, or a resubmission that fails
again, is the same fault.

What does not fit on a stream is trimmed to the record. A record that does not fit either, or that holds sensitive
fields, is kept in the claim-check bucket, where the system has one; the fault says where (`claimCheck`).
"""

from __future__ import annotations

import logging
import os
import traceback
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from . import aws, jsons
from .envelope import derived_id, enveloped, now
from .stream import MAX_EVENT_BYTES, Outgoing, outgoing, put
from .unit import UnitOfWork

if TYPE_CHECKING:
    from .redaction import Redaction

LOGGER = logging.getLogger(__name__)

CLAIMS = "EVENT_CLAIMS"
"""The environment variable that names the claim-check bucket."""
FAULTS = "faults"
"""The prefix of records in the claim-check bucket: `faults/<service>/<fault id>`."""
MESSAGE_LENGTH = 2000

# What stays in the fault of a record that is kept elsewhere: where it came from, and nothing of what it says.
_KEPT = ("eventID", "eventName", "eventSource", "eventSourceARN", "eventVersion", "awsRegion", "messageId")
_KEPT_INSIDE = {
    "kinesis": ("sequenceNumber", "approximateArrivalTimestamp"),
    "dynamodb": ("SequenceNumber", "ApproximateCreationDateTime"),
}


def publish_faults(stream: str, units: Sequence[UnitOfWork], redaction: Redaction | None = None) -> list[int]:
    """Publish a fault for each unit, on the stream that the environment names by `stream`.

    The answer is the positions of those whose fault could not be published; their records have to be tried
    again.
    """
    made: list[tuple[UnitOfWork, Outgoing]] = []
    unpublished: list[int] = []
    for unit in units:
        try:
            made.append((unit, outgoing(stream, _fault(unit, redaction))))
        except Exception:
            LOGGER.exception("the fault of record %s could not be kept", unit.position)
            unpublished.append(unit.position)
    errors = put([event for _, event in made])
    for (unit, sent), error in zip(made, errors, strict=True):
        if error is None:
            LOGGER.error("fault %s\n%s", sent.event["id"], _trace(unit, redaction))
        else:
            LOGGER.error("fault %s was not published: %s\n%s", sent.event["id"], error, _trace(unit, redaction))
            unpublished.append(unit.position)
    return unpublished


def fault_id_of(record: Mapping[str, Any], position: int = 0) -> str:
    """The id of a record's fault: the same whenever this function fails on it."""
    return derived_id(os.environ.get("SERVICE", ""), os.environ.get("FUNCTION", ""), _id_of(record, position), "fault")


def _id_of(record: Mapping[str, Any], position: int) -> str:
    return str(record.get("eventID") or record.get("messageId") or position)


def _fault(unit: UnitOfWork, redaction: Redaction | None) -> dict[str, Any]:
    """The fault, which fits on a stream. Keeps the record elsewhere, where it has to be."""
    fault_id = fault_id_of(unit.record, unit.position)
    hidden = redaction is not None and redaction.concerns(unit.event)
    decoded = unit.event if redaction is None else redaction.event(unit.event)
    function = os.environ.get("FUNCTION", "")
    fields: dict[str, Any] = {
        "function": os.environ.get("AWS_LAMBDA_FUNCTION_NAME", function),
        "pipeline": function,
        "error": {"name": type(unit.error).__name__, "message": _shown(str(unit.error), unit, redaction)},
    }
    if hidden:
        fields["redacted"] = True
    trigger = unit.trigger.id if unit.trigger else _id_of(unit.record, unit.position)
    trace = unit.trigger.traceparent if unit.trigger else None
    envelope = enveloped("fault", {}, event_id=fault_id, timestamp=now(), trigger=trigger, traceparent=trace)

    def fitting(record: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any] | None:
        trimmed = {**fields, "unit": {"record": record}, **more, **envelope, "partitionKey": fault_id}
        fault = trimmed if decoded is None else {**trimmed, "unit": {"record": record, "event": decoded}}
        return next((one for one in (fault, {**trimmed, "trimmed": True}) if _fits(one)), None)

    fault = None if hidden else fitting(unit.record, {})
    if fault is None:
        fault = fitting(_bare(unit.record), _claim(unit.record, fault_id))
    if fault is None:
        raise ValueError("the fault does not fit on a stream")
    return fault


def _shown(text: str, unit: UnitOfWork, redaction: Redaction | None) -> str:
    return (text if redaction is None else redaction.text(text, unit.event))[:MESSAGE_LENGTH]


def _trace(unit: UnitOfWork, redaction: Redaction | None) -> str:
    assert unit.error is not None
    text = "".join(traceback.format_exception(unit.error))
    return text if redaction is None else redaction.text(text, unit.event)


def _fits(fault: Mapping[str, Any]) -> bool:
    try:
        return len(jsons.dumps(fault).encode()) + len(fault["partitionKey"]) <= MAX_EVENT_BYTES
    except (TypeError, ValueError):
        # A hook has left something in the event that is not JSON. The record is.
        return False


def _claim(record: Mapping[str, Any], fault_id: str) -> dict[str, Any]:
    """Keep a record in the claim-check bucket; what the fault says of that. Without a bucket it is only trimmed."""
    bucket = os.environ.get(CLAIMS)
    if bucket is None:
        return {"trimmed": True}
    key = f"{FAULTS}/{os.environ.get('SERVICE', '')}/{fault_id}"
    body = jsons.dumps(record).encode()
    aws.client("s3").put_object(Bucket=bucket, Key=key, Body=body, ContentType="application/json")
    return {"claimCheck": {"bucket": bucket, "key": key}}


def _bare(record: Mapping[str, Any]) -> dict[str, Any]:
    bare = {name: record[name] for name in _KEPT if name in record}
    for source, names in _KEPT_INSIDE.items():
        if source in record:
            bare[source] = {name: record[source][name] for name in names if name in record[source]}
    return bare
