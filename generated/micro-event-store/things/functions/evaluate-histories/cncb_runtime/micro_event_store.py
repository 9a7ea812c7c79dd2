"""A micro event store: events of interest, kept per correlation key (book: "Creating a micro event store").

Rows: `correlation`, `sequence` (timestamp and id, so that events sort by time and a duplicate is the same
row), `event`, and `expires` where events are kept for a time.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any, NamedTuple

from . import aws
from .envelope import now
from .expression import Expression, is_refused
from .rows import EXPIRES, Whole, decode
from .stream_records import trigger_of
from .unit import UnitOfWork

CORRELATION = "correlation"
SEQUENCE = "sequence"


class MicroEventStore(NamedTuple):
    """A table of collected events, named by the variable `variable`; `keep` in seconds, None for ever."""

    variable: str
    keep: int | None = None

    def events(self, correlation: str) -> list[dict[str, Any]]:
        """All events of a correlation, each once, oldest first."""
        expression = Expression()
        request: dict[str, Any] = {
            "KeyConditionExpression": f"{expression.name(CORRELATION)} = {expression.value(correlation)}",
            **expression.parameters(),
        }
        found: dict[str, dict[str, Any]] = {}
        while True:
            answer = aws.client("dynamodb").query(TableName=os.environ[self.variable], ConsistentRead=True, **request)
            for item in answer["Items"]:
                event = decode(item)["event"]
                found.setdefault(event["id"], event)
            if not answer.get("LastEvaluatedKey"):
                return list(found.values())
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def collect(self, unit: UnitOfWork) -> Iterator[UnitOfWork]:
        """The sink: keep the event under the correlation key that is the unit's value."""
        whole = self.whole(unit)
        if whole is None:
            return
        expression = Expression()
        try:
            aws.client("dynamodb").put_item(
                TableName=os.environ[self.variable],
                Item=whole.item,
                ConditionExpression=f"attribute_not_exists({expression.name(SEQUENCE)})",
                **expression.parameters(),
            )
        except Exception as error:
            if not is_refused(error):
                raise
        yield unit

    def whole(self, unit: UnitOfWork) -> Whole | None:
        """The row of an event; None where it is too old to be kept. A duplicate makes the same row."""
        cause = unit.cause
        if unit.value is None or unit.value == "":
            raise ValueError(f"{unit.event['type']} has no correlation key")
        row = {"event": unit.event}
        if self.keep is not None:
            if cause.timestamp + self.keep * 1000 <= now():
                return None
            row[EXPIRES] = cause.timestamp // 1000 + self.keep
        return Whole({CORRELATION: str(unit.value), SEQUENCE: f"{cause.timestamp:015d}-{cause.id}"}, row)

    def correlated(self, unit: UnitOfWork) -> tuple[UnitOfWork]:
        """The value of a collected event's unit becomes all events of its correlation, oldest first."""
        return (unit.having(self.events(unit.value)),)


def collected(unit: UnitOfWork) -> Iterator[UnitOfWork]:
    """Decode the event that a change has collected; the unit's value is its correlation.

    That an event has expired, or was collected again, is no reason for work.
    """
    if unit.event["operation"] == "INSERT":
        row = unit.event["new"]
        trigger = trigger_of(row["event"])
        if trigger is not None:
            trigger = trigger._replace(seed=row[CORRELATION])
        yield unit.decoded(row["event"], trigger).having(row[CORRELATION])
