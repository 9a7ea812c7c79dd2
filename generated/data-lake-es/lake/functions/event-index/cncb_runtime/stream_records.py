"""Reading events from the records of a Kinesis stream."""

from __future__ import annotations

from binascii import a2b_base64
from typing import Any

from . import jsons, tracing
from .errors import PoisonError
from .unit import Trigger, UnitOfWork


def from_stream(unit: UnitOfWork) -> tuple[UnitOfWork, ...]:
    """Decode the event in a stream record. What cannot even be read is poison; what is tagged `skip` is left out."""
    try:
        event = jsons.loads(a2b_base64(unit.record["kinesis"]["data"], strict_mode=True))
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise PoisonError(f"the record holds no JSON: {error}") from error
    if not isinstance(event, dict) or not isinstance(event.get("type"), str):
        raise PoisonError("the record holds no event: it has no type")
    tags = event.get("tags")
    if isinstance(tags, dict) and tags.get("skip"):
        return ()
    return (unit.decoded(event, trigger_of(event)),)


def trigger_of(event: dict[str, Any]) -> Trigger | None:
    """What an event causes is derived from this; None where its envelope is incomplete.

    An effect happens one millisecond after its cause. So it is the same at each retry and at each replay,
    is never older than its cause, and sorts behind it.
    """
    identity, timestamp = event.get("id"), event.get("timestamp")
    if not isinstance(identity, str) or not isinstance(timestamp, int) or isinstance(timestamp, bool):
        return None
    key = str(event.get("partitionKey") or identity)
    return Trigger(identity, timestamp, timestamp + 1, key, identity, traceparent=tracing.of(event))
