"""Events to a bus, ten by one request (Amazon EventBridge API Reference: PutEvents)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from . import aws, jsons, tracing
from .bulk import Entry, Limits
from .messages import LIMITS, Message, fitting, not_sent
from .unit import UnitOfWork

TIME_BYTES = 14
"""What the time of an entry counts (Amazon EventBridge: Calculating PutEvents event entry size)."""

REFUSED = frozenset({"InvalidArgument", "MalformedDetail", "NotAuthorizedForDetailTypeException"})
"""Answers that say that the entry will never be right."""


class Bus(NamedTuple):
    """A bus, its name in the variable `variable`. `message` is the detail of an event; `detail_type` None: its type."""

    variable: str
    message: Message
    source: str
    detail_type: str | None = None

    @property
    def limits(self) -> Limits:
        """What one request takes."""
        return LIMITS

    def entry(self, unit: UnitOfWork) -> Entry:
        """The unit's event for the bus. A bus keeps no order, so the entry has no key."""
        detail = jsons.dumps(self.message(unit.event))
        detail_type = self.detail_type or unit.event["type"]
        content: dict[str, Any] = {
            "Time": datetime.fromtimestamp(unit.cause.timestamp / 1000, UTC),
            "Source": self.source,
            "DetailType": detail_type,
            "Detail": detail,
        }
        if (trace := tracing.header(unit.cause.traceparent)) is not None:
            content["TraceHeader"] = trace
        size = TIME_BYTES + sum(len(text.encode()) for text in (self.source, detail_type, detail))
        return Entry(content, fitting(size, self.variable), self.variable)

    def send(self, entries: Sequence[Entry]) -> list[Exception | None]:
        """Send events by one request."""
        name = os.environ[self.variable]
        answer = aws.client("events").put_events(Entries=[{**entry.content, "EventBusName": name} for entry in entries])
        return [_error(one) for one in answer["Entries"]]


def _error(answered: dict[str, Any]) -> Exception | None:
    code = answered.get("ErrorCode")
    if not code:
        return None
    return not_sent(code, answered.get("ErrorMessage", ""), transient=code not in REFUSED)
