"""A DynamoDB table of the service: its own writes (database-first), what reactions do to it, and reads.

Latch (book: "Implementing bi-directional synchronization"): where two services keep the same entity, a row
says whether a reaction wrote it last, so that change capture does not send the change back to where it came
from. Such a row also carries when it was written (`asOf`), so that both sides agree on which change is the
last.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, NamedTuple

from . import aws, tracing
from .cursor import UNKNOWN_CURSOR, from_cursor, to_cursor
from .envelope import now
from .errors import InvalidInputError, NotFoundError, code_of
from .expression import Expression, is_refused, refused_row
from .rows import AS_OF, LATCHED, TRACE, TRIGGER, WRITTEN, Whole, decode, encode, is_gone, public


class Table(NamedTuple):
    """A table, named by the environment variable `variable`, with its `key` attributes, partition key first.

    `latch`: its change capture is latched. `view`: the runtime alone writes it, and keeps its time to live.

    In the writes, `event_at` is the timestamp of the event that a reaction reacts to, and `trigger` its id; None is
    the service's own command. With `oplock` an event that is older than the row's `asOf` changes nothing.
    """

    variable: str
    key: tuple[str, ...]
    latch: bool = False
    view: bool = False

    @property
    def name(self) -> str:
        """The physical name."""
        return os.environ[self.variable]

    def put(
        self,
        row: Mapping[str, Any],
        *,
        event_at: int | None = None,
        trigger: str | None = None,
        traceparent: str | None = None,
        oplock: bool = False,
    ) -> dict[str, Any]:
        """Write a whole row, in place of the one that is there; answer with its fields."""
        self._key_of(row)
        expression = Expression()
        conditions = [expression.not_behind(AS_OF, event_at)] if oplock and event_at is not None else []
        request: dict[str, Any] = {"Item": encode({**row, **self._marks(event_at, trigger, traceparent, oplock)})}
        try:
            aws.client("dynamodb").put_item(TableName=self.name, **request, **_condition(expression, conditions))
        except Exception as error:
            if not is_refused(error):
                raise
        return dict(row)

    def whole(
        self,
        row: Mapping[str, Any],
        *,
        event_at: int | None = None,
        trigger: str | None = None,
        traceparent: str | None = None,
    ) -> Whole:
        """The row that an unconditional `put` writes."""
        return Whole(self._key_of(row), {**row, **self._marks(event_at, trigger, traceparent, oplock=False)})

    def removal(self, key: Mapping[str, Any]) -> Whole:
        """The removal of a row that no latch has to mark."""
        return Whole(self._key_of(key))

    def update(
        self,
        key: Mapping[str, Any],
        fields: Mapping[str, Any],
        *,
        event_at: int | None = None,
        trigger: str | None = None,
        traceparent: str | None = None,
        oplock: bool = False,
    ) -> dict[str, Any]:
        """Set fields of a row; answer with the row. Raises NotFoundError where there is none."""
        changed = {name: value for name, value in fields.items() if name not in self.key}
        return self._update(
            key, {**changed, **self._marks(event_at, trigger, traceparent, oplock)}, event_at if oplock else None
        )

    def delete(
        self,
        key: Mapping[str, Any],
        *,
        event_at: int | None = None,
        trigger: str | None = None,
        traceparent: str | None = None,
        oplock: bool = False,
    ) -> None:
        """Remove a row, if it is there. A latched one is marked first: its last image says who removed it."""
        expression = Expression()
        conditions = []
        if self.latch:
            try:
                self._update(key, self._marks(event_at, trigger, traceparent, oplock), event_at if oplock else None)
            except NotFoundError:
                return
            # Between the two writes the row may have been written by the other side: then it stays.
            conditions.append(f"{expression.name(LATCHED)} = {expression.value(event_at is not None)}")
        if oplock and event_at is not None:
            conditions.append(expression.not_behind(AS_OF, event_at))
        try:
            aws.client("dynamodb").delete_item(
                TableName=self.name, Key=encode(self._key_of(key)), **_condition(expression, conditions)
            )
        except Exception as error:
            if not is_refused(error):
                raise

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

    def _update(self, key: Mapping[str, Any], fields: Mapping[str, Any], event_at: int | None) -> dict[str, Any]:
        expression = Expression()
        update = expression.update(fields)
        conditions = [f"attribute_exists({expression.name(self.key[0])})"]
        if event_at is not None:
            conditions.append(expression.not_behind(AS_OF, event_at))
        request: dict[str, Any] = {"UpdateExpression": update} if update else {}
        try:
            answer = aws.client("dynamodb").update_item(
                TableName=self.name,
                Key=encode(self._key_of(key)),
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **request,
                **_condition(expression, conditions),
            )
        except Exception as error:
            if not is_refused(error):
                raise
            row = refused_row(error)
            if not row:
                raise NotFoundError("not found") from error
            return public(decode(row), expires=self.view)
        return public(decode(answer["Attributes"]), expires=self.view)

    def _marks(
        self, event_at: int | None, trigger: str | None, traceparent: str | None, oplock: bool
    ) -> dict[str, Any]:
        """What is stamped on a row: DynamoDB tells its change capture only the second in which it was written."""
        written = now() if event_at is None else max(now(), event_at + 1)
        trace = tracing.begun() if event_at is None else traceparent
        marks: dict[str, Any] = {WRITTEN: written, TRIGGER: trigger, TRACE: trace}
        if self.latch:
            marks[LATCHED] = event_at is not None
        if self.latch or (oplock and event_at is not None):
            marks[AS_OF] = written if event_at is None else event_at
        return marks

    def _key_of(self, row: Mapping[str, Any]) -> dict[str, Any]:
        return _valued({name: row.get(name) for name in self.key})


def _valued(key: Mapping[str, Any]) -> dict[str, Any]:
    missing = [(name, "is required") for name, value in key.items() if value is None or value == ""]
    if missing:
        raise InvalidInputError(missing)
    return dict(key)


def _condition(expression: Expression, conditions: list[str]) -> dict[str, Any]:
    if not conditions:
        return {}
    return {"ConditionExpression": " AND ".join(conditions), **expression.parameters()}
