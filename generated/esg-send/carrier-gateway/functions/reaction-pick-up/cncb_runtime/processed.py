"""Each event once, for sinks that would do harm the second time: a conditional put on the event's id.

Rows of the table: `id` (function and event), while it is worked on `owner` (the record) and `lease` (ms), then `done`;
`expires` (epoch seconds). A crash between claim and completion loses nothing: the record comes again and takes its
claim up. Another record of the same event (published twice, replayed) waits until the lease is over.

What was done in the moment before a crash, and could not be marked any more, is done again: a sink that must not do
even that takes the event's id as its own key of idempotence.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from . import aws
from .envelope import now
from .errors import TransientError
from .expression import Expression, is_refused, refused_row
from .rows import EXPIRES, decode, encode
from .unit import UnitOfWork

ID = "id"
OWNER = "owner"
LEASE = "lease"
DONE = "done"


class ClaimedError(TransientError):
    """Another record of the event is being worked on."""


class Processed(NamedTuple):
    """A table of processed events, named by the variable `variable`.

    `lease` is how long a claim holds, in seconds: as long as an invocation may take. `keep` is how long an event is
    remembered.
    """

    variable: str
    lease: int
    keep: int

    def claim(self, units: Iterator[UnitOfWork]) -> Iterator[UnitOfWork]:
        """The step before the sink: leave out what has been done, and what stands twice in the batch."""
        claimed: set[str] = set()
        for unit in units:
            if unit.error is not None:
                yield unit
                continue
            if unit.cause.id in claimed:
                # Whatever becomes of the first, it is the same event: a failure brings both again.
                continue
            try:
                if self._claim(unit):
                    claimed.add(unit.cause.id)
                    yield unit
            except Exception as error:
                yield unit.failed(error)

    def done(self, units: Iterator[UnitOfWork]) -> Iterator[UnitOfWork]:
        """The step after the sink: mark what is done, and let go of what has failed."""
        for unit in units:
            try:
                if unit.error is None:
                    self._update(unit, {DONE: True, OWNER: None, LEASE: None})
                elif unit.trigger is not None and not isinstance(unit.error, ClaimedError):
                    self._release(unit)
            except Exception as error:
                yield unit if unit.error is not None else unit.failed(error)
            else:
                yield unit

    def _claim(self, unit: UnitOfWork) -> bool:
        """Take the event; whether there is something to do. Raises ClaimedError where another record has it."""
        moment, owner = now(), _record_id(unit)
        expression = Expression()
        claimed = {OWNER: owner, LEASE: moment + self.lease * 1000, EXPIRES: moment // 1000 + self.keep}
        update = expression.update(claimed)
        mine = f"{expression.name(OWNER)} = {expression.value(owner)}"
        over = f"{expression.name(LEASE)} < {expression.value(moment)}"
        free = f"attribute_not_exists({expression.name(LEASE)})"
        condition = f"attribute_not_exists({expression.name(DONE)}) AND ({free} OR {mine} OR {over})"
        try:
            self._request(unit, expression, UpdateExpression=update, ConditionExpression=condition)
        except Exception as error:
            if not is_refused(error):
                raise
            if DONE in decode(refused_row(error)):
                return False
            raise ClaimedError(f"another record of event {unit.cause.id} is being worked on") from error
        return True

    def _release(self, unit: UnitOfWork) -> None:
        expression = Expression()
        update = expression.update({OWNER: None, LEASE: None})
        condition = f"{expression.name(OWNER)} = {expression.value(_record_id(unit))}"
        try:
            self._request(unit, expression, UpdateExpression=update, ConditionExpression=condition)
        except Exception as error:
            if not is_refused(error):
                raise

    def _update(self, unit: UnitOfWork, fields: Mapping[str, Any]) -> None:
        expression = Expression()
        self._request(unit, expression, UpdateExpression=expression.update(fields))

    def _request(self, unit: UnitOfWork, expression: Expression, **request: Any) -> None:
        aws.client("dynamodb").update_item(
            TableName=os.environ[self.variable],
            Key=encode({ID: f"{os.environ.get('FUNCTION', '')}/{unit.cause.id}"}),
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
            **request,
            **expression.parameters(),
        )


def _record_id(unit: UnitOfWork) -> str:
    return str(unit.record.get("eventID") or unit.record.get("messageId"))
