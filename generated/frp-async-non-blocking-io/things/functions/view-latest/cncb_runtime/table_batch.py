"""Rows that are written whole and on no condition, 25 by one request (Amazon DynamoDB: BatchWriteItem)."""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple

from . import aws
from .bulk import Entry, Limits
from .errors import TransientError
from .rows import Whole, encode
from .unit import UnitOfWork


class TableBatch(NamedTuple):
    """A table, named by the variable `variable`, as a place for rows. `whole` is what a unit writes, if anything."""

    variable: str
    whole: Callable[[UnitOfWork], Whole | None]

    @property
    def limits(self) -> Limits:
        """25 rows of at most 400 KB are always within the 16 MB of a request, so no bytes are counted."""
        return Limits(entries=25, bytes=0)

    def entry(self, unit: UnitOfWork) -> Entry | None:
        """What a unit writes. One request cannot hold a row twice."""
        whole = self.whole(unit)
        if whole is None:
            return None
        key: Hashable = tuple(sorted((name, str(value)) for name, value in whole.key.items()))
        if whole.row is None:
            return Entry({"DeleteRequest": {"Key": encode(whole.key)}}, 0, self.variable, key)
        return Entry({"PutRequest": {"Item": whole.item}}, 0, self.variable, key)

    def send(self, entries: Sequence[Entry]) -> list[Exception | None]:
        """Write rows by one request."""
        table = os.environ[self.variable]
        answer = aws.client("dynamodb").batch_write_item(RequestItems={table: [entry.content for entry in entries]})
        again = answer.get("UnprocessedItems", {}).get(table, [])
        return [
            TransientError("not written: the table is throttled") if entry.content in again else None
            for entry in entries
        ]
