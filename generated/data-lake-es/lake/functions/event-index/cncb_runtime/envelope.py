"""The envelope of every event: `id`, `type`, `timestamp` (milliseconds), `partitionKey`, `tags`."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Mapping
from typing import Any

# Ids of caused events lie in a space of their own: this constant must never change.
NAMESPACE = uuid.UUID("6f1f54d1-7a3e-5b0c-9d5b-3c1d8b6d7f42")


def now() -> int:
    """Milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


def random_id() -> str:
    """An id for what a user's command begins."""
    return str(uuid.uuid4())


def derived_id(*seeds: str) -> str:
    """An id that is the same at each retry, for what another event causes."""
    return str(uuid.uuid5(NAMESPACE, "/".join((os.environ.get("SYSTEM", ""), *seeds))))


def enveloped(
    event_type: str,
    fields: Mapping[str, Any],
    *,
    event_id: str,
    timestamp: int,
    trigger: str | None,
    traceparent: str | None = None,
) -> dict[str, Any]:
    """The event without its partition key, which may be taken from the event itself.

    `trigger` is the id of the event or record that caused it; a command is caused by none. `traceparent` is the trace
    that it belongs to.
    """
    tags = {
        "system": os.environ.get("SYSTEM", ""),
        "service": os.environ.get("SERVICE", ""),
        "function": os.environ.get("FUNCTION", ""),
        "stage": os.environ.get("STAGE", ""),
        "region": os.environ.get("AWS_REGION", ""),
    }
    if trigger is not None:
        tags["trigger"] = trigger
    if traceparent is not None:
        tags["traceparent"] = traceparent
    return {**fields, "id": event_id, "type": event_type, "timestamp": timestamp, "tags": tags}
