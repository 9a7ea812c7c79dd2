"""Reading what has become of the objects of a bucket, from the messages of the queue that S3 sends word to.

Amazon S3: "Event message structure". Word may come twice, late, or behind what happened afterwards. So it only says
which object to look at; its time tells whether somebody has looked later.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote_plus

from . import jsons
from .errors import PoisonError
from .names import MARKERS
from .unit import Trigger, UnitOfWork


def from_bucket(unit: UnitOfWork) -> Iterator[UnitOfWork]:
    """Decode the objects that a message is about: `operation`, `object` (its name), `timestamp` (ms).

    What the runtime itself keeps in the bucket is left out. So is S3's test message, which is about none.
    """
    try:
        told = [_change(record) for record in jsons.loads(unit.record["body"]).get("Records", ())]
        message = unit.record["messageId"]
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise PoisonError(f"the message tells of no object: {error!r}") from error
    for change in told:
        if not change["object"].startswith(MARKERS):
            at = change["timestamp"]
            yield unit.decoded({"id": message, **change}, Trigger(message, at, at, change["object"], message))


def _change(record: dict[str, Any]) -> dict[str, Any]:
    at = datetime.fromisoformat(record["eventTime"])
    # Names come as those of a form: with a plus for a space.
    name = unquote_plus(record["s3"]["object"]["key"])
    return {"operation": record["eventName"], "object": name, "timestamp": round(at.astimezone(UTC).timestamp() * 1000)}
