"""Fault events: the stream circuit breaker (book: "Handling faults").

A fault carries the record that could not be handled, so that it can be sent to the function again once the
cause is mended. Its id comes from the record: a batch that is tried again faults once.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, Sequence
from typing import Any

from .envelope import derived_id, enveloped, now
from .stream import outgoing, put
from .unit import UnitOfWork

LOGGER = logging.getLogger(__name__)


def publish_faults(stream: str, units: Sequence[UnitOfWork]) -> list[int]:
    """Publish a fault for each unit, on the stream that the environment names by `stream`.

    The answer is the positions of those whose fault could not be published; their records have to be tried
    again.
    """
    events = [outgoing(stream, event) for event in map(_fault, units)]
    errors = put(events)
    for unit, sent, error in zip(units, events, errors, strict=True):
        if error is None:
            LOGGER.error("fault %s", sent.event["id"], exc_info=unit.error)
        else:
            LOGGER.error("fault %s was not published: %s", sent.event["id"], error, exc_info=unit.error)
    return [unit.position for unit, error in zip(units, errors, strict=True) if error is not None]


def _fault(unit: UnitOfWork) -> dict[str, Any]:
    function = os.environ.get("FUNCTION", "")
    record_id = str(unit.record.get("eventID", unit.position))
    fields = {
        "function": os.environ.get("AWS_LAMBDA_FUNCTION_NAME", function),
        "pipeline": function,
        "error": {"name": type(unit.error).__name__, "message": str(unit.error)[:2000]},
        "unit": {"record": _kept(unit.record)},
    }
    fault_id = derived_id(os.environ.get("SERVICE", ""), function, record_id, "fault")
    trigger = unit.trigger.id if unit.trigger else record_id
    event = enveloped("fault", fields, event_id=fault_id, timestamp=now(), trigger=trigger)
    return {**event, "partitionKey": fault_id}


def _kept(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """The record; without its payload where that would make the fault too large for a stream."""
    room = 900 * 1024
    kinesis = record.get("kinesis", {})
    if len(kinesis.get("data", "")) > room:
        return {**record, "kinesis": {**kinesis, "data": None}, "trimmed": True}
    if len(str(record.get("dynamodb", ""))) > room:
        keys = ("Keys", "SequenceNumber", "ApproximateCreationDateTime")
        change = {name: value for name, value in record["dynamodb"].items() if name in keys}
        return {**record, "dynamodb": change, "trimmed": True}
    return record
