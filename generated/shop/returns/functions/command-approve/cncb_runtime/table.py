"""A DynamoDB table of the service: its own writes (database-first), what reactions do to it, and reads.

Latch (book: "Implementing bi-directional synchronization"): where two services keep the same entity, a row
says whether a reaction wrote it last, so that change capture does not send the change back to where it came
from. Such a row also carries when it was written (`asOf`) and by which service (`asOf:origin`), so that both sides
agree on which change is the last: the later one, and of two in one millisecond that of the service with the greater
name. A write of the service's own is always later than what is there.

What is deleted in a latched table, or by an event that is compared with others, stays for 30 days as a tombstone, so
that an older event cannot bring it back.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, NamedTuple

from . import aws, tracing
from .cursor import UNKNOWN_CURSOR, from_cursor, to_cursor
from .envelope import now
from .errors import InvalidInputError, NotFoundError, TransientError, code_of
from .expression import Expression, is_refused, refused_row
from .rows import (
    AS_OF,
    DELETED_AT,
    GOES,
    LATCHED,
    ORIGIN,
    TRACE,
    TRIGGER,
    WRITTEN,
    Whole,
    decode,
    encode,
    is_gone,
    public,
    tombstone_goes,
)
from .stamp import Stamp

ATTEMPTS = 3


class Table(NamedTuple):
    """A table, named by the environment variable `variable`, with its `key` attributes, partition key first.

    `latch`: its change capture is latched. `view`: the runtime alone writes it, and keeps its time to live. `ttl` is
    the attribute by which a tombstone goes.

    In the writes, `stamp` is the event that a reaction reacts to; None is the service's own command. An event that is
    behind the row's lock changes nothing.
    """

    variable: str
    key: tuple[str, ...]
    latch: bool = False
    view: bool = False
    ttl: str = GOES

    @property
    def name(self) -> str:
        """The physical name."""
        return os.environ[self.variable]

    def put(self, row: Mapping[str, Any], stamp: Stamp | None = None) -> dict[str, Any]:
        """Write a whole row, in place of the one that is there; answer with its fields."""
        self._key_of(row)
        self._put(row, stamp)
        return dict(row)

    def whole(self, row: Mapping[str, Any], stamp: Stamp) -> Whole:
        """The row that an unconditional `put` writes."""
        return Whole(self._key_of(row), {**row, **self._marks(stamp, 0)})

    def removal(self, key: Mapping[str, Any]) -> Whole:
        """The removal of a row that no latch has to mark."""
        return Whole(self._key_of(key))

    def update(self, key: Mapping[str, Any], fields: Mapping[str, Any], stamp: Stamp | None = None) -> dict[str, Any]:
        """Set fields of a row; answer with the row. Raises NotFoundError where there is none."""
        changed = {name: value for name, value in fields.items() if name not in self.key}
        where = encode(self._key_of(key))
        after = 0
        for _ in range(ATTEMPTS):
            expression = Expression()
            marks = self._marks(stamp, after)
            update = expression.update({**changed, **marks})
            conditions = [*self._there(expression), *self._in_order(expression, stamp, marks)]
            request: dict[str, Any] = {"UpdateExpression": update, "ReturnValues": "ALL_NEW"}
            answer, refused = self._write("update_item", expression, conditions, Key=where, **request)
            if refused is None:
                return public(decode(answer["Attributes"]), expires=self.view)
            late = stamp is not None and stamp.is_behind(refused)
            if not late and (not refused or is_gone(refused)):
                raise NotFoundError("not found")
            if stamp is not None or not self.latch:
                return public(refused, expires=self.view)
            after = max(refused.get(AS_OF, 0), refused.get(WRITTEN, 0))
        raise TransientError("the row keeps changing")

    def delete(self, key: Mapping[str, Any], stamp: Stamp | None = None) -> None:
        """Remove a row, if it is there."""
        where = self._key_of(key)
        if self.latch or (stamp is not None and stamp.lock is not None):
            self._put({**where, DELETED_AT: now(), self.ttl: tombstone_goes()}, stamp, only_there=stamp is None)
        else:
            aws.client("dynamodb").delete_item(TableName=self.name, Key=encode(where))

    def _put(self, row: Mapping[str, Any], stamp: Stamp | None, *, only_there: bool = False) -> None:
        after = 0
        for _ in range(ATTEMPTS):
            expression = Expression()
            marks = self._marks(stamp, after)
            conditions = self._in_order(expression, stamp, marks)
            if only_there:
                conditions += self._there(expression)
            _, refused = self._write("put_item", expression, conditions, Item=encode({**row, **marks}))
            if refused is None or stamp is not None or not self.latch:
                return
            if only_there and (not refused or is_gone(refused)):
                return
            after = max(refused.get(AS_OF, 0), refused.get(WRITTEN, 0))
        raise TransientError("the row keeps changing")

    def _write(
        self, operation: str, expression: Expression, conditions: list[str], **request: Any
    ) -> tuple[dict[str, Any], dict[str, Any] | None]:
        """Write on conditions: the answer, or the row that refused (empty where there is none)."""
        if conditions:
            request["ConditionExpression"] = " AND ".join(conditions)
            request["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
        if expression.names:
            request |= expression.parameters()
        try:
            return getattr(aws.client("dynamodb"), operation)(TableName=self.name, **request), None
        except Exception as error:
            if not is_refused(error):
                raise
            return {}, decode(refused_row(error))

    def _there(self, expression: Expression) -> list[str]:
        exists = f"attribute_exists({expression.name(self.key[0])})"
        return [exists, f"attribute_not_exists({expression.name(DELETED_AT)})"]

    def _in_order(self, expression: Expression, stamp: Stamp | None, marks: Mapping[str, Any]) -> list[str]:
        """The condition that nothing has written the row that is newer."""
        if stamp is None:
            # Change capture takes `asOf:written` for the time of the change: both sides must know the same.
            return [_later(expression, name, marks[name]) for name in (AS_OF, WRITTEN)] if self.latch else []
        if stamp.lock is None:
            return []
        if not self.latch:
            return [expression.not_behind(*stamp.lock)]
        lock, origin = expression.name(AS_OF), expression.name(ORIGIN)
        at, by = expression.value(stamp.at), expression.value(stamp.origin)
        same = f"({lock} = {at} AND (attribute_not_exists({origin}) OR {origin} <= {by}))"
        return [f"(attribute_not_exists({lock}) OR {lock} < {at} OR {same})"]

    def _marks(self, stamp: Stamp | None, after: int) -> dict[str, Any]:
        """What is stamped on a row: DynamoDB tells its change capture only the second in which it was written."""
        written = max(now(), after + 1) if stamp is None else max(now(), stamp.at + 1)
        marks: dict[str, Any] = {WRITTEN: written, TRIGGER: None if stamp is None else stamp.trigger}
        marks[TRACE] = tracing.begun() if stamp is None else stamp.traceparent
        if self.latch:
            marks |= {LATCHED: stamp is not None, AS_OF: written if stamp is None else stamp.at}
            marks[ORIGIN] = os.environ.get("SERVICE", "") if stamp is None else stamp.origin
        elif stamp is not None and stamp.lock is not None:
            marks[stamp.lock.name] = stamp.lock.value
        return marks

    def get(self, key: Mapping[str, Any]) -> dict[str, Any] | None:
        """The row at a whole key. Of a store, as last written: who has just saved finds what was saved."""
        answer = self._read("get_item", Key=encode(self._key_of(key)), ConsistentRead=not self.view)
        row = decode(answer.get("Item") or {})
        return public(row, expires=self.view) if row and not is_gone(row, expires=self.view) else None

    def find(self, key: Mapping[str, Any], index: str) -> dict[str, Any] | None:
        """The first row at a key of an index."""
        items = self.query(key, limit=1, index=index)["items"]
        return items[0] if items else None

    def query(
        self, key: Mapping[str, Any], *, limit: int, cursor: str | None = None, index: str | None = None
    ) -> dict[str, Any]:
        """A page of the rows at a key, or the first part of one: `{items, cursor}`."""
        expression = Expression()
        equal = [f"{expression.name(name)} = {expression.value(value)}" for name, value in _valued(key).items()]
        request: dict[str, Any] = {"KeyConditionExpression": " AND ".join(equal), **expression.parameters()}
        return self._page("query", request, limit, self._start(cursor, key), index)

    def scan(self, *, limit: int, cursor: str | None = None, index: str | None = None) -> dict[str, Any]:
        """A page of all rows, in no order: `{items, cursor}`."""
        return self._page("scan", {}, limit, self._start(cursor, {}), index)

    def _page(
        self, operation: str, request: dict[str, Any], limit: int, start: dict[str, Any] | None, index: str | None
    ) -> dict[str, Any]:
        if start is not None:
            request["ExclusiveStartKey"] = start
        if index is not None:
            request["IndexName"] = index
        answer = self._read(operation, Limit=limit, **request)
        rows = [decode(item) for item in answer["Items"]]
        items = [public(row, expires=self.view) for row in rows if not is_gone(row, expires=self.view)]
        return {"items": items, "cursor": to_cursor(answer.get("LastEvaluatedKey"))}

    def _start(self, cursor: str | None, key: Mapping[str, Any]) -> dict[str, Any] | None:
        """Where a page begins: inside of what is asked for, whoever made the cursor."""
        start = from_cursor(cursor)
        if start is not None:
            outside = any(start.get(name) != value for name, value in encode(key).items())
            if outside or any(name not in start for name in self.key):
                raise InvalidInputError([("cursor", UNKNOWN_CURSOR)])
        return start

    def _read(self, operation: str, **request: Any) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = getattr(aws.client("dynamodb"), operation)(TableName=self.name, **request)
        except Exception as error:
            # The rest of the request is fixed, so it is the caller's key or cursor that does not fit the
            # table.
            if code_of(error) == "ValidationException":
                raise InvalidInputError([("", "key or cursor does not fit")]) from error
            raise
        return answer

    def _key_of(self, row: Mapping[str, Any]) -> dict[str, Any]:
        return _valued({name: row.get(name) for name in self.key})


def _valued(key: Mapping[str, Any]) -> dict[str, Any]:
    missing = [(name, "is required") for name, value in key.items() if value is None or value == ""]
    if missing:
        raise InvalidInputError(missing)
    return dict(key)


def _later(expression: Expression, attribute: str, written: int) -> str:
    lock = expression.name(attribute)
    return f"(attribute_not_exists({lock}) OR {lock} < {expression.value(written)})"
