"""When functions had handled events, from the invocations that a local machine remembers."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterable, Iterator
from typing import Any

from cncb_compiler.aws import naming
from cncb_compiler.plan.service import ServicePlan
from cncb_compiler.runtime.rows import TRIGGER
from cncb_compiler.trace.facts import FunctionKey


def ended(plans: Iterable[ServicePlan], stage: str, invocations: Iterable[Any]) -> dict[tuple[FunctionKey, str], float]:
    """The end (seconds since the epoch) of each function's last good invocation with an event, by its id."""
    functions: dict[str, FunctionKey] = {
        naming.function_name(plan.system, plan.service, function.name, stage): (plan.service, function.name)
        for plan in plans
        for function in plan.functions
    }
    found: dict[tuple[FunctionKey, str], float] = {}
    for one in invocations:
        by = functions.get(one.function)
        if by is not None and not one.error:
            failed = _failed(one.payload)
            found |= {(by, event_id): float(one.ended) for event_id in _ids(one.event, failed)}
    return found


def _failed(answer: bytes) -> frozenset[str]:
    """The sequence numbers of the records that a function wants again (Lambda: partial batch responses)."""
    try:
        return frozenset(str(one["itemIdentifier"]) for one in json.loads(answer)["batchItemFailures"])
    except (ValueError, KeyError, TypeError):
        return frozenset()


def _ids(payload: bytes, failed: frozenset[str]) -> Iterator[str]:
    """The ids of the events behind the records of a batch, without those that failed."""
    try:
        batch = json.loads(payload)
        records = batch["Records"] if isinstance(batch, dict) else []
    except (ValueError, KeyError):
        return
    for record in records:
        try:
            event_id = None if _sequence(record) in failed else _id(record)
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
        if isinstance(event_id, str):
            yield event_id


def _sequence(record: dict[str, Any]) -> str:
    if "kinesis" in record:
        return str(record["kinesis"]["sequenceNumber"])
    return str(record["dynamodb"]["SequenceNumber"])


def _id(record: dict[str, Any]) -> Any:
    """The event in a stream's record, that a micro event store has collected, or that has changed a row."""
    if "kinesis" in record:
        return json.loads(b64decode(record["kinesis"]["data"]))["id"]
    image = record["dynamodb"].get("NewImage") or {}
    if "event" in image and "M" in image["event"]:
        return image["event"]["M"]["id"]["S"]
    return image[TRIGGER]["S"]
